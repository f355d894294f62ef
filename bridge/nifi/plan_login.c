/* Logging in: SASL of Kafka, and TLS of both sides. Secrets are named, with
 * the setting that must supply them, and never read. */
#include "bridge/nifi/plan_build.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static const char *lower(struct plan *p, const char *text)
{
    char *copy = arena_text(&p->arena, slice_of(text));

    if (copy == NULL) {
        p->failed = true;
        return "";
    }
    for (char *c = copy; *c != '\0'; c++) {
        *c = (char)tolower((unsigned char)*c);
    }
    return copy;
}

static void take_password(struct plan *p)
{
    struct plan_value v =
        plan_take(p, "sasl.password|SASL Password", NULL, PLAN_PLAIN);

    plan_set(p, "kafka.sasl.password", NULL, &v);
    plan_find(p, PLAN_SUPPLY,
        "%s is %s in NiFi's file: supply it as the environment variable "
        "NARU_KAFKA_SASL_PASSWORD",
        v.property, v.is_secret ? "hidden or encrypted" : "absent");
}

static void take_sasl(struct plan *p)
{
    struct plan_value mechanism =
        plan_take(p, "sasl.mechanism|SASL Mechanism", "GSSAPI", PLAN_PLAIN);
    struct plan_value user =
        plan_take(p, "sasl.username|SASL Username", NULL, PLAN_VARIABLES);
    struct plan_value token = plan_take(p,
        "sasl.token.auth|Token Auth|Token Authentication", "false", PLAN_PLAIN);

    if (!plan_is(mechanism.text, "PLAIN") &&
        !plan_is(mechanism.text, "SCRAM-SHA-256") &&
        !plan_is(mechanism.text, "SCRAM-SHA-512")) {
        plan_find(p, PLAN_CANNOT,
            "%s is %s: naru logs in by PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512 "
            "(no Kerberos, no AWS)",
            mechanism.property, mechanism.text);
        return;
    }
    if (plan_is(token.text, "true")) {
        plan_find(p, PLAN_CANNOT, "%s: naru knows no delegation tokens",
            token.property);
    }
    plan_set(p, "kafka.sasl.mechanism", mechanism.text, &mechanism);
    plan_row(p, &mechanism, "the same");
    if (user.text[0] == '\0') {
        plan_find(p, PLAN_CANNOT, "%s is not set", user.property);
        return;
    }
    plan_set(p, "kafka.sasl.username", user.text, &user);
    plan_row(p, &user, "the same");
    take_password(p);
}

/* What matters only with another protocol or mechanism; without one it is
 * often left with its default. */
static void pass_over(struct plan *p)
{
    static const char *const names[] = {"sasl.mechanism|SASL Mechanism",
        "sasl.username|SASL Username", "sasl.password|SASL Password",
        "sasl.token.auth|Token Auth|Token Authentication",
        "sasl.kerberos.service.name|Kerberos Service Name",
        "sasl.kerberos.principal", "sasl.kerberos.keytab",
        "kerberos-credentials-service",
        "kerberos-user-service|Kerberos User Service",
        "self-contained-kerberos-user-service",
        "aws.profile.name|AWS Profile Name",
        ("oauth2-access-token-provider-service|OAuth2 Access Token Provider "
         "Service")};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        (void)plan_take(p, names[i], NULL, PLAN_PLAIN);
    }
}

/* From 2.11 on the default of security.protocol is another. */
static bool is_from_2_11(const char *version)
{
    char *end;
    long major = strtol(version, &end, 10);
    long minor = *end == '.' ? strtol(end + 1, NULL, 10) : 0;

    return major > 2 || (major == 2 && minor >= 11);
}

void plan_take_kafka_login(struct plan *p)
{
    struct plan_value v = plan_take(p, "security.protocol|Security Protocol",
        is_from_2_11(p->now->version) ? "SSL" : "PLAINTEXT", PLAN_PLAIN);
    struct plan_value tls = plan_take(
        p, "ssl.context.service|SSL Context Service", NULL, PLAN_PLAIN);

    if (plan_is(v.text, "PLAINTEXT")) {
        plan_row(p, &v, "the same");
        pass_over(p);
        return;
    }
    if (!plan_is(v.text, "SSL") && !plan_is(v.text, "SASL_PLAINTEXT") &&
        !plan_is(v.text, "SASL_SSL")) {
        plan_find(p, PLAN_CANNOT, "%s: '%s' is no protocol of Kafka's",
            v.property, v.text);
        return;
    }
    plan_set(p, "kafka.security.protocol", lower(p, v.text), &v);
    plan_row(p, &v, "the same");
    if (strncmp(lower(p, v.text), "sasl", 4) == 0) {
        take_sasl(p);
    }
    pass_over(p);
    if (strcmp(v.text, "SASL_PLAINTEXT") != 0 && tls.text[0] != '\0') {
        plan_take_tls(p, &tls, true);
    }
}

/* ---- TLS ---- */

/* The files of a PEM service, by what each side calls them. */
static void take_pem(struct plan *p, bool is_kafka)
{
    static const struct {
        const char *nifi, *kafka, *engine;
    } files[] = {
        {"Private Key Location", "kafka.ssl.key.location",
            "elasticsearch.client_key_file"},
        {"Certificate Chain Location", "kafka.ssl.certificate.location",
            "elasticsearch.client_cert_file"},
        {"Certificate Authorities Location", "kafka.ssl.ca.location",
            "elasticsearch.ca_file"},
    };

    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        struct plan_value v = plan_take(p, files[i].nifi, NULL, PLAN_VARIABLES);
        const char *name = is_kafka ? files[i].kafka : files[i].engine;

        if (v.text[0] != '\0') {
            plan_set(p, name, v.text, &v);
            plan_row(p, &v, "%s, the same file", name);
        }
    }
}

/* JKS is Java's alone; of PKCS#12 PEM files can be made. */
static void take_store(
    struct plan *p, const char *which, bool is_key, bool is_kafka)
{
    struct plan_value file =
        plan_take(p, plan_text(p, "%s Filename|%s File", which, which), NULL,
            PLAN_VARIABLES);
    struct plan_value type =
        plan_take(p, plan_text(p, "%s Type", which), "JKS", PLAN_PLAIN);
    const char *name = is_kafka ? is_key ? "kafka.ssl.certificate.location"
                                         : "kafka.ssl.ca.location"
                       : is_key ? "elasticsearch.client_cert_file"
                                : "elasticsearch.ca_file";
    const char *key_name =
        is_kafka ? "kafka.ssl.key.location" : "elasticsearch.client_key_file";

    (void)plan_take(p, plan_text(p, "%s Password", which), NULL, PLAN_PLAIN);
    if (file.text[0] == '\0') {
        return;
    }
    if (!plan_is(type.text, "PKCS12")) {
        plan_find(p, PLAN_CANNOT,
            "the %s %s is a Java key store (%s); naru reads PEM files: "
            "convert it with keytool and openssl and set %s%s%s",
            is_key ? "keystore" : "truststore", file.text, type.text, name,
            is_key ? " and " : "", is_key ? key_name : "");
        return;
    }
    plan_set(p, name, NULL, &file);
    if (is_key) {
        plan_set(p, key_name, NULL, &file);
    }
    plan_row(p, &file, "a PEM file made of it");
    plan_find(p, PLAN_SUPPLY,
        "%s is a PKCS#12 file; make PEM of it (openssl pkcs12 -in %s %s) and "
        "set %s%s%s",
        file.property, file.text,
        is_key ? "-out client.pem" : "-nokeys -out ca.pem", name,
        is_key ? " and " : "", is_key ? key_name : "");
}

void plan_take_tls(struct plan *p, const struct plan_value *v, bool is_kafka)
{
    const struct flow_component *before = p->now;
    const struct flow_component *service = plan_service(p, v);
    bool taken[FLOW_MAX_PROPERTIES];

    if (service == NULL) {
        return;
    }
    memcpy(taken, p->taken, sizeof(taken));
    plan_begin(p, service);
    switch (catalog_class_of(service)) {
    case CATALOG_SSL_PEM:
        take_pem(p, is_kafka);
        break;
    case CATALOG_SSL_STORES:
        take_store(p, "Keystore", true, is_kafka);
        take_store(p, "Truststore", false, is_kafka);
        break;
    default:
        plan_find(p, PLAN_CANNOT, "naru does not know this TLS service");
        break;
    }
    plan_begin(p, before);
    memcpy(p->taken, taken, sizeof(taken));
}
