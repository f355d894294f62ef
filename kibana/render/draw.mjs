// Draws Vega and Vega-Lite specs, whose data is in them, without a browser.
//
//   node draw.mjs panels JOBS.json       draws each job to its svg; prints as JSON what was drawn
//   node draw.mjs png IN.svg OUT.png FONT  turns a picture to PNG
//
// A job: {"name", "spec", "width", "height", "svg": path or null, "data": [names of data whose plain fields are printed], "newest": false}.
// newest takes the Vega of Kibana 9 instead of 7.12's.
import {createRequire} from 'node:module';
import {readFileSync, writeFileSync} from 'node:fs';

const require = createRequire(import.meta.url);
// A package of Vega's that has its own copy of vega-scenegraph measures text by that copy.
const graphOf = (name) => () => createRequire(require.resolve(name))('vega-scenegraph');
const KITS = {
  floor: {vega: 'vega', lite: 'vega-lite', graphs: [graphOf('vega'), graphOf('vega-view-transforms')]},
  newest: {vega: 'vega-newest', lite: 'vega-lite-newest', graphs: []},
};

// Without a canvas Vega takes every sign for 0.8 em. These are nearer to a sans-serif font and to Hangul.
function textWidth(item, text) {
  const line = String(text ?? item.text ?? '');
  let em = 0;
  for (const sign of line) {
    if (sign >= '\u1100') em += 0.95;
    else if (/[A-Z▲▼●=%]/.test(sign)) em += 0.75;
    else if (/[ .,:;|()'il]/.test(sign)) em += 0.3;
    else em += 0.6;
  }
  return em * (item.fontSize ?? 11);
}

async function kit(newest) {
  const names = newest ? KITS.newest : KITS.floor;
  for (const graph of names.graphs) graph().textMetrics.width = textWidth;
  return {vega: await import(names.vega), lite: await import(names.lite)};
}

// Warnings are the panel's faults, as Kibana shows them above it.
function logger(into) {
  const note = (...words) => (into.push(words.map(String).join(' ')), log);
  const log = {level: () => log, error: note, warn: note, info: () => log, debug: () => log};
  return log;
}

function countMarks(item, counts) {
  if (item.marktype && item.marktype !== 'group' && !['axis', 'legend'].includes(item.role)) {
    for (const one of item.items) {
      const seen = one.opacity !== 0 && one.fill !== 'transparent' && (item.marktype !== 'text' || one.text);
      if (seen) counts[item.marktype] = (counts[item.marktype] ?? 0) + 1;
    }
  }
  if (item.role?.startsWith('axis') || item.role?.startsWith('legend')) return;
  for (const inner of item.items ?? []) if (inner.items) countMarks(inner, counts);
}

// A row's own numbers and words; what it was made of may be as large as the whole answer.
function plain(row) {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => typeof value !== 'object' || value === null));
}

function sized(spec, width, height) {
  const fit = spec.autosize?.type === 'fit' || spec.autosize === undefined;
  return fit ? {...spec, autosize: {type: 'fit', contains: 'padding'}, width, height} : spec;
}

function vegaSpec(job, lite, log) {
  const spec = sized(job.spec, job.width, job.height);
  if (!/\/vega-lite\//.test(spec.$schema)) return spec;
  const {config, ...rest} = spec;
  return lite.compile({...rest, config: {...config, kibana: undefined}}, {logger: log}).spec;
}

async function draw(job) {
  const warnings = [];
  const log = logger(warnings);
  const {vega, lite} = await kit(job.newest);
  const view = new vega.View(vega.parse(vegaSpec(job, lite, log)), {renderer: 'none', logger: log});
  // Many fonts with Hangul lack the mathematical minus, which would be drawn in another font.
  const svg = (await view.toSVG()).replaceAll('\u2212', '-');
  if (job.svg) writeFileSync(job.svg, svg);
  const marks = {};
  countMarks(view.scenegraph().root, marks);
  const data = Object.fromEntries((job.data ?? []).map((name) => [name, view.data(name).map(plain)]));
  view.finalize();
  return {name: job.name, marks, warnings, data};
}

async function drawPanels(path) {
  const results = [];
  for (const job of JSON.parse(readFileSync(path, 'utf8'))) {
    try {
      results.push(await draw(job));
    } catch (error) {
      results.push({name: job.name, error: String(error?.message ?? error)});
    }
  }
  process.stdout.write(JSON.stringify(results) + '\n');
}

async function drawPng(from, to, font) {
  const {Resvg} = await import('@resvg/resvg-js');
  const picture = new Resvg(readFileSync(from, 'utf8'), {
    background: 'white',
    font: {loadSystemFonts: true, defaultFontFamily: font, sansSerifFamily: font},
  });
  writeFileSync(to, picture.render().asPng());
}

const [what, ...rest] = process.argv.slice(2);
if (what === 'panels') await drawPanels(rest[0]);
else if (what === 'png') await drawPng(...rest);
else {
  process.stderr.write('draw.mjs: panels JOBS.json, or png IN.svg OUT.png FONT\n');
  process.exit(2);
}
