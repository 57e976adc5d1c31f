r"""Forms of secrets: what the services that give them out publish, and what searchers of leaked keys have gathered.

A value is written as classes with lengths, ``A{20}``, among letters that stand for themselves: D digits, H and X
hexadecimal without and with capitals, U capitals and digits, L small letters and digits, A letters and digits, W these
with _ and -, E with = too, B base64, G a UUID. ``.`` is ``\.`` and the rest is as in a pattern.

References
----------
The prefixes and lengths were compared with those of gitleaks (https://github.com/gitleaks/gitleaks, MIT) and
detect-secrets (https://github.com/Yelp/detect-secrets, Apache-2.0); check digits of GitHub's tokens:
https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/.
"""

OWN = (  # name, how it begins, the rest, bits a character that a random one has at least
    ("1password", "ops_", r"eyJ[A-Za-z0-9+/]{250,}={0,3}", 4.0),
    ("1password", "A3-", "U{6}-(?:U{11}|U{6}-U{5})-U{5}-U{5}-U{5}", 3.8),
    ("adobe", "p8e-", "A{32}", 3.0),
    ("age", "AGE-SECRET-KEY-1", "[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}", 3.0),
    ("airtable", "pat", r"A{14}\.H{64}", 3.5),
    ("alibaba", "LTAI", "A{20}", 3.0),
    ("anthropic", "sk-ant-api03-", "W{93}AA", 3.0),
    ("anthropic", "sk-ant-admin01-", "W{93}AA", 3.0),
    ("artifactory", "AKCp", "A{69}", 4.5),
    ("artifactory", "cmVmd", "A{59}", 4.5),
    ("atlassian", "ATATT3", "E{186}", 3.5),
    *(("authress", f"{p}_", r"A{5,30}\.A{4,6}\.acc[_-][A-Za-z0-9-]{10,32}\.[A-Za-z0-9+/_=-]{30,120}", 3.0)
      for p in ("sc", "ext", "scauth", "authress")),
    *(("aws", p, "[A-Z2-7]{16}", 3.0) for p in ("AKIA", "ASIA", "ABIA", "ACCA")),
    ("aws_bedrock", "ABSK", "[A-Za-z0-9+/]{109,269}={0,2}", 3.0),
    ("aws_bedrock", "bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY29t", "[A-Za-z0-9+/=]{16,900}", 3.0),
    ("clickhouse", "4b1d", "A{38}", 3.5),
    ("clojars", "CLOJARS_", "A{60}", 3.0),
    ("cloudflare", "v1.0-", "H{24}-H{146}", 3.0),
    ("databricks", "dapi", r"H{32}(?:-\d)?", 3.0),
    ("defined", "dnkey-", "E{26}-E{52}", 3.5),
    *(("digitalocean", p, "H{64}", 3.0) for p in ("doo_v1_", "dop_v1_", "dor_v1_")),
    ("docker", "dckr_pat_", "W{27}", 3.5),
    ("doppler", "dp.pt.", "A{43}", 3.5),
    ("dropbox", "sl.", "E{135}", 4.0),
    ("duffel", "duffel_", "(?:test|live)_E{43}", 3.5),
    ("dynatrace", "dt0c01.", r"A{24}\.A{64}", 4.0),
    ("easypost", "EZAK", "A{54}", 3.5),
    ("easypost", "EZTK", "A{54}", 3.5),
    ("facebook", "EAAM", "A{100,900}", 4.0),
    ("facebook", "EAAC", "A{100,900}", 4.0),
    ("figma", "figd_", "W{40}", 3.5),
    ("flutterwave", "FLWSECK_TEST-", "[A-Ha-h0-9]{12}(?:[A-Ha-h0-9]{20}-X)?", 2.5),
    ("flutterwave", "FLWPUBK_TEST-", "[A-Ha-h0-9]{32}-X", 2.5),
    ("flyio", "fo1_", "W{43}", 4.0),
    *(("flyio", p, "[A-Za-z0-9+/]{100,900}={0,3}", 4.0) for p in ("fm1a_", "fm1r_", "fm2_")),
    ("frameio", "fio-u-", "E{64}", 3.5),
    ("gcp", "AIza", "W{35}", 4.0),
    *(("github", p, "A{36}", 3.0) for p in ("ghp_", "gho_", "ghu_", "ghs_", "ghr_")),
    ("github", "github_pat_", r"\w{82}", 3.0),
    ("gitlab", "glcbt-", "A{1,5}_W{20}", 3.0),
    *(("gitlab", p, "W{20}", 3.0) for p in ("gldt-", "glffct-", "glft-", "glrt-", "glsoat-", "glpat-", "GR1348941")),
    ("gitlab", "glpat-", r"W{27,300}\.L{9}", 4.0),
    ("gitlab", "glrt-t", r"\d_W{27,300}\.L{9}", 4.0),
    ("gitlab", "glimt-", "W{25}", 3.0),
    ("gitlab", "glagent-", "W{50}", 3.0),
    ("gitlab", "gloas-", "W{64}", 3.0),
    ("gitlab", "glptt-", "H{40}", 3.0),
    ("gitlab", "_gitlab_session=", "L{32}", 3.0),
    ("grafana", "eyJrIjoi", "A{70,400}={0,3}", 3.5),
    ("grafana", "glc_", "[A-Za-z0-9+/]{32,400}={0,3}", 3.0),
    ("grafana", "glsa_", "A{32}_X{8}", 3.0),
    ("groq", "gsk_", "A{52}", 3.5),
    ("harness", "pat.", r"W{22}\.A{24}\.A{20}", 3.5),
    ("harness", "sat.", r"W{22}\.A{24}\.A{20}", 3.5),
    ("heroku", "HRKU-AA", "W{58}", 4.0),
    ("huggingface", "hf_", "[A-Za-z]{34}", 3.5),
    ("huggingface", "api_org_", "[A-Za-z]{34}", 3.5),
    ("infracost", "ico-", "A{32}", 3.0),
    ("intra42", "s-s4t2ud-", "X{64}", 3.0),
    ("intra42", "s-s4t2af-", "X{64}", 3.0),
    ("linear", "lin_api_", "A{40}", 3.0),
    ("mapbox", "pk.", r"A{60}\.A{22}", 3.5),
    ("new_relic", "NRAK-", "A{27}", 3.0),
    ("new_relic", "NRJS-", "H{19}", 2.5),
    ("new_relic", "NRII-", "[A-Za-z0-9-]{32}", 3.0),
    ("notion", "ntn_", r"\d{11}A{35}", 4.0),
    ("npm", "npm_", "A{36}", 3.0),
    ("octopus", "API-", "U{26}", 3.0),
    ("openai", "sk-proj-", "W{20,100}T3BlbkFJW{20,100}", 3.0),
    ("openai", "sk-svcacct-", "W{20,100}T3BlbkFJW{20,100}", 3.0),
    ("openai", "sk-admin-", "W{20,100}T3BlbkFJW{20,100}", 3.0),
    ("openai", "sk-", "A{20}T3BlbkFJA{20}", 3.0),
    ("openshift", "sha256~", "W{43}", 3.5),
    ("perplexity", "pplx-", "A{48}", 4.0),
    ("planetscale", "pscale_", r"(?:tkn|oauth|pw)_[\w=.-]{32,64}", 3.0),
    ("postman", "PMAK-", "X{24}-X{34}", 3.0),
    ("prefect", "pnu_", "A{36}", 3.0),
    ("pulumi", "pul-", "H{40}", 3.0),
    ("pypi", "pypi-AgEIcHlwaS5vcmc", "W{50,900}", 3.0),
    ("pypi", "pypi-AgENdGVzdC5weXBpLm9yZw", "W{50,900}", 3.0),
    ("readme", "rdme_", "L{70}", 3.0),
    ("replicate", "r8_", "A{37}", 3.5),
    ("rubygems", "rubygems_", "H{48}", 3.0),
    ("scalingo", "tk-us-", "W{48}", 3.0),
    ("sendgrid", "SG.", r"W{22}\.W{43}", 3.5),
    ("sendinblue", "xkeysib-", "H{64}-A{16}", 3.0),
    ("sentry", "sntrys_eyJpYXQiO", "[A-Za-z0-9+/]{60,400}={0,2}_[A-Za-z0-9+/]{43}", 4.5),
    ("sentry", "sntryu_", "H{64}", 3.0),
    *(("settlemint", p, "A{16}", 3.0) for p in ("sm_aat_", "sm_pat_", "sm_sat_")),
    ("shippo", "shippo_", "(?:live|test)_X{40}", 3.0),
    *(("shopify", p, "X{32}", 3.0) for p in ("shpat_", "shpca_", "shppa_", "shpss_")),
    ("slack", "xapp-", r"\d-[A-Za-z0-9]{5,20}-\d{5,20}-[A-Za-z0-9]{20,100}", 3.0),
    ("slack", "xoxb-", r"\d{10,13}-\d{10,13}[A-Za-z0-9-]{12,60}", 3.0),
    ("slack", "xoxb-", r"\d{8,14}-A{18,26}", 3.0),
    ("slack", "xoxe", r"(?:\.xox[bp])?-\d-U{146,166}", 3.0),
    *(("slack", p, r"\d{4,14}-\d{4,14}-\d{4,14}-X{10,64}", 3.0) for p in ("xoxo-", "xoxs-")),
    *(("slack", p, r"(?:\d-)?A{8,48}", 3.0) for p in ("xoxa-", "xoxr-")),
    *(("slack", p, r"(?:\d{10,13}-){3}[A-Za-z0-9-]{28,34}", 3.0) for p in ("xoxp-", "xoxe-")),
    ("slack", "hooks.slack.com/", "(?:services|workflows|triggers)/[A-Za-z0-9+/]{43,80}", 3.0),
    ("sourcegraph", "sgp_", "(?:(?:X{16}|local)_)?X{40}", 3.0),
    ("square", "sq0atp-", "W{22,60}", 3.5),
    ("square", "EAAA", "W{22,60}", 3.5),
    *(("stripe", f"{kind}_{mode}_", "A{16,99}", 3.0) for kind in ("sk", "rk") for mode in ("test", "live", "prod")),
    ("stripe", "whsec_", "[A-Za-z0-9+/]{32,64}={0,2}", 3.5),
    ("supabase", "sbp_", "H{40}", 3.0),
    ("tailscale", "tskey-", "(?:auth|api|client)-A{11,20}-A{20,40}", 3.5),
    ("teams", "webhook.office.com/webhookb2/", "G@G/IncomingWebhook/A{32}/G", 3.0),
    ("typeform", "tfp_", r"[\w.=-]{59}", 3.5),
    ("vault", "hvb.", "W{138,300}", 4.0),
    ("vault", "hvs.", "W{90,120}", 3.5),
    ("xai", "xai-", "A{80}", 3.5),
    ("yandex", "AQVN", "W{35,38}", 3.5),
)  # fmt: skip

_UNSURE = """
AIza pk. 4b1d cmVmd API- ico- pul- sk_test_ rk_test_ EZTK FLWSECK_TEST- FLWPUBK_TEST- whsec_ sl.
"""
UNSURE = frozenset(_UNSURE.split())
"""Beginnings of keys that stand in web pages by design, of test keys, and of what is also other things."""

GIVEN = """
adafruit: W{32} | adobe: X{32} | airtable: A{17} | algolia: A{32} | alibaba: A{30} | asana: D{16} A{32}
atlassian confluence jira: A{20}H{4} | beamer: b_E{44} | bitbucket: A{32} E{64} | bittrex: A{32} | meraki: H{40}
cloudflare: W{40} X{37} | codecov: A{32} | cohere co_api_key: A{40} | coinbase: W{64} | confluent: A{16} A{64}
contentful: E{43} | datadog: A{40} | discord: X{64} D{18} E{32} | droneci: A{32} | dropbox: A{15} A{11}AAAAAAAAAAE{43}
etsy: A{24} | facebook: X{32} | fastly: E{32} | finicity: X{32} A{20} | finnhub: A{20} | flickr: A{32}
freshbooks: A{64} | gitter: W{40} | gocardless: live_E{40} | heroku: G | hubspot: G | intercom: E{60}
jfrog artifactory bintray xray: A{73} A{64} | kraken: [\\w/=+-]{80,90} | kucoin: X{24} G | launchdarkly: E{40}
linear: X{32} | linkedin linked_in linked-in: A{14} A{16} | lob: (?:live|test)_(?:pub_)?H{31,35} | looker: A{20} A{24}
mailchimp: H{32}-us\\d\\d | mailgun: (?:pub)?key-H{32} [a-h0-9]{32}-[a-h0-9]{8}-[a-h0-9]{8} | mattermost: A{26}
messagebird message_bird message-bird: A{25} G | netlify: E{40,46} | newrelic new-relic new_relic: A{64}
nytimes newyorktimes: E{32} | okta: 00E{40} | plaid: G A{24} A{30} access-(?:sandbox|development|production)-G
privateai private_ai private-ai: A{32} | rapidapi: W{50} | sendbird: G X{40} | sentry: X{64} | snyk: G
sonar: (?:sq[uap]_)?E{40} | sourcegraph: X{40} | squarespace: G | sumo: A{64} su[A-Za-z0-9]{12} | travis: A{22}
telegr: D{5,16}:AW{34} | twitch: A{30} | twitter: A{45} A{25} A{50} D{15,25}-A{20,40} A{22}[A-Za-z0-9%]{80,100}
yandex: t1\\.[\\w=-]{20,300}\\.E{86,88} YCW{38} | zendesk: A{40}
contribsys__com: X{8}:X{8} | _authtoken: G | secret_access_key secretaccesskey aws_secret: B{40} | accountkey: B{86}==
"""
"""A service's names, and the values that are its secrets where one is given to a name that has the service's in it."""

_KNOWN = """
7ed42b051c4d 3184400d830a 60e64b0b23dc ca26814f2ae0 0c7b6ce21545 991d14704a9a 2205fc1d5614 aaf285906cce
391e39f9fb76 c4e5f166ec42 84a6d0e2f0bc 92bcde4e105b 4ee319889c07 3d4c71978459 1dc4fef3b100 8d0d4f07b98b
"""
KNOWN = frozenset(_KNOWN.split())
"""Digests (BLAKE2b, 6 bytes) of keys that documentation shows, or that were made public on purpose."""
