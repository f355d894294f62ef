// Draws Vega and Vega-Lite specs, whose data is in them, without a browser.
//
//   node draw.mjs panels JOBS.json       draws each job to its svg; prints as JSON what was drawn
//   node draw.mjs png IN.svg OUT.png FONT  turns a picture to PNG
//
// A job: {"name", "spec", "width", "height", "svg": path or null, "data": [names of data whose plain fields are printed], "newest": false}.
// newest takes the Vega of Kibana 9 instead of 7.12's.
// Of each job is said what was drawn (marks), the panel's warnings, the texts that lie on one another (clashes), and those
// that reach beyond the picture or were shortened (cut).
import {createRequire} from 'node:module';
import {readFileSync, writeFileSync} from 'node:fs';

const require = createRequire(import.meta.url);
// The bundle that browsers load, in one piece: of the packages apart npm may mix versions, and the newest Vega does not
// know scales made by another copy of itself.
const bundle = (name) => require(`${name}/build/vega.js`);
const KITS = {floor: ['vega', 'vega-lite'], newest: ['vega-newest', 'vega-lite-newest']};

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
  const [vega, lite] = newest ? KITS.newest : KITS.floor;
  const kit = {vega: bundle(vega), lite: await import(lite)};
  kit.vega.textMetrics.width = textWidth;
  return kit;
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

// Texts of the picture, each with the box that it fills in the picture's own pixels.
function texts(item, x, y, found) {
  if (item.marktype === 'text') {
    for (const one of item.items) {
      const words = [one.text ?? ''].flat().join(' ').trim();
      if (!words || one.opacity === 0 || one.fillOpacity === 0) continue;
      const {x1, y1, x2, y2} = one.bounds;
      const short = one.limit && [one.text].flat().some((line) => textWidth(one, line) > one.limit);
      found.push({words, short, x1: x1 + x, y1: y1 + y, x2: x2 + x, y2: y2 + y});
    }
    return found;
  }
  for (const inner of item.items ?? []) {
    if (inner.items) texts(inner, x + (inner.x ?? 0), y + (inner.y ?? 0), found);
  }
  return found;
}

// Widths are estimates, so what only touches is let pass.
const SLACK_PX = 2;

function untidy(root, svg) {
  const [, width, height] = /<svg[^>]* width="([\d.]+)" height="([\d.]+)"/.exec(svg);
  const [, left, top] = /translate\(([-\d.]+),([-\d.]+)\)/.exec(svg);
  const found = texts(root, Number(left), Number(top), []);
  const meet = (a, b) => Math.min(a.x2, b.x2) - Math.max(a.x1, b.x1) > SLACK_PX &&
    Math.min(a.y2, b.y2) - Math.max(a.y1, b.y1) > SLACK_PX;
  const outside = (t) => t.x1 < -SLACK_PX || t.y1 < -SLACK_PX || t.x2 > Number(width) + SLACK_PX || t.y2 > Number(height) + SLACK_PX;
  const clashes = found.flatMap((a, i) => found.slice(i + 1).filter((b) => meet(a, b)).map((b) => `${a.words} | ${b.words}`));
  return {clashes, cut: found.filter((t) => t.short || outside(t)).map((t) => t.words)};
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
  const tidy = untidy(view.scenegraph().root, svg);
  view.finalize();
  return {name: job.name, marks, warnings, data, ...tidy};
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
