/* The tables of [elasticsearch] and [kibana]; see endpoint.h. */
#include "common/endpoint.h"

/* The keys that a section of an HTTP server has; alphabetical but for hosts. */
#define SECTION_KEYS(section, default_host, hosts_help, timeout_help)          \
    {section ".hosts", CONFIG_TEXT, default_host, 0, 0, NULL, 0, hosts_help},  \
        {section ".api_key", CONFIG_TEXT, NULL, 0, 0, NULL,                    \
            CONFIG_SECRET | CONFIG_LIVE,                                       \
            "an API key in its encoded form; api_key_file is the better "      \
            "place"},                                                          \
        {section ".api_key_file", CONFIG_TEXT, NULL, 0, 0, NULL, CONFIG_LIVE,  \
            "file whose first line is an API key (the encoded form)"},         \
        {section ".bearer_token", CONFIG_TEXT, NULL, 0, 0, NULL,               \
            CONFIG_SECRET | CONFIG_LIVE,                                       \
            "a bearer token, such as a service account's; bearer_token_file "  \
            "is the better place"},                                            \
        {section ".bearer_token_file", CONFIG_TEXT, NULL, 0, 0, NULL,          \
            CONFIG_LIVE, "file whose first line is a bearer token"},           \
        {section ".ca_file", CONFIG_TEXT, NULL, 0, 0, NULL, CONFIG_LIVE,       \
            "certificates to trust instead of the system's, PEM"},             \
        {section ".client_cert_file", CONFIG_TEXT, NULL, 0, 0, NULL,           \
            CONFIG_LIVE, "our certificate, PEM"},                              \
        {section ".client_key_file", CONFIG_TEXT, NULL, 0, 0, NULL,            \
            CONFIG_LIVE,                                                       \
            "our certificate's key, PEM; default: in client_cert_file"},       \
        {section ".client_key_password", CONFIG_TEXT, NULL, 0, 0, NULL,        \
            CONFIG_SECRET | CONFIG_LIVE,                                       \
            "that key's password; client_key_password_file is the better "     \
            "place"},                                                          \
        {section ".client_key_password_file", CONFIG_TEXT, NULL, 0, 0, NULL,   \
            CONFIG_LIVE, "file whose first line is that key's password"},      \
        {section ".connect_timeout_ms", CONFIG_MS, "5s", 100, 600000, NULL,    \
            CONFIG_LIVE, "how long a connection may take to come up"},         \
        {section ".fingerprint", CONFIG_TEXT, NULL, 0, 0, NULL, CONFIG_LIVE,   \
            "trust only this certificate, the server's own or the CA's that "  \
            "it sends along: its SHA-256 in hexadecimal, as Elasticsearch "    \
            "prints it at its first start"},                                   \
        {section ".insecure_skip_verify", CONFIG_BOOL, "false", 0, 0, NULL,    \
            CONFIG_LIVE,                                                       \
            "take any certificate of any server: whoever sits between reads "  \
            "and changes everything, the password too; for trying out only"},  \
        {section ".password", CONFIG_TEXT, NULL, 0, 0, NULL,                   \
            CONFIG_SECRET | CONFIG_LIVE,                                       \
            "the user's password; password_file is the better place"},         \
        {section ".password_file", CONFIG_TEXT, NULL, 0, 0, NULL, CONFIG_LIVE, \
            "file whose first line is the user's password"},                   \
        {section ".proxy", CONFIG_TEXT, NULL, 0, 0, NULL, CONFIG_LIVE,         \
            "proxy to go through, http://host:port; none for none; default: "  \
            "what the environment's http_proxy, https_proxy and no_proxy "     \
            "say"},                                                            \
        {section ".proxy_password", CONFIG_TEXT, NULL, 0, 0, NULL,             \
            CONFIG_SECRET | CONFIG_LIVE,                                       \
            "the password at the proxy; proxy_password_file is the better "    \
            "place"},                                                          \
        {section ".proxy_password_file", CONFIG_TEXT, NULL, 0, 0, NULL,        \
            CONFIG_LIVE,                                                       \
            "file whose first line is the password at the "                    \
            "proxy"},                                                          \
        {section ".proxy_username", CONFIG_TEXT, NULL, 0, 0, NULL,             \
            CONFIG_LIVE, "user at the proxy"},                                 \
        {section ".request_timeout_ms", CONFIG_MS, "60s", 100, 3600000, NULL,  \
            CONFIG_LIVE, timeout_help},                                        \
    {                                                                          \
        section ".username", CONFIG_TEXT, NULL, 0, 0, NULL, CONFIG_LIVE,       \
            "user of basic authentication"                                     \
    }

static const struct config_key engine_keys[] = {
    SECTION_KEYS("elasticsearch", "http://127.0.0.1:19200",
        "where the engine answers; several: a comma list",
        "how long a request may take before it is sent again"),
};

static const struct config_key kibana_keys[] = {
    SECTION_KEYS("kibana", "http://127.0.0.1:5601",
        "where Kibana or OpenSearch Dashboards answers, with its base path",
        "how long a request may take"),
    {"kibana.space", CONFIG_TEXT, NULL, 0, 0, NULL, 0,
        "Kibana's space for what is imported; default: its default space"},
};

const struct config_table endpoint_settings = {
    engine_keys, sizeof(engine_keys) / sizeof(engine_keys[0])};
const struct config_table endpoint_kibana_settings = {
    kibana_keys, sizeof(kibana_keys) / sizeof(kibana_keys[0])};
