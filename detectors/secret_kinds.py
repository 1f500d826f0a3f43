"""The kinds of secret that say what they are: a fixed beginning, an alphabet, a length. One line each.

Lengths have slack on purpose: issuers lengthen their keys without notice, and a key that is missed costs more than a long one that
was somebody's test. What keeps the lines apart from ordinary text is the beginning, the boundary before it, and `check`.

Where the formats come from: the issuers' own documentation of their keys and, for those that say little, the prefixes that their
consoles show; GitHub's and GitLab's lists of token prefixes; RFC 7519 (JWT), RFC 7468 (PEM), RFC 4880 (PGP armour), RFC 3986 (userinfo).
Kinds that have no form of their own (32 hex digits) are found by the name before them: detectors.secret_names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

_ALNUM = "A-Za-z0-9"
_URL = "A-Za-z0-9_-"
_DOTTED = "A-Za-z0-9_.-"


@cache
def _compiled(source: str) -> re.Pattern[str]:
    return re.compile(source)


@dataclass(frozen=True, slots=True)
class Form:
    """One form of one kind.

    trigger: RE2, cheap, matches wherever the pattern can; no long counts: they multiply the states of the one pass that looks for all of them.  source: of the pattern, Python `re`, bounded and without backtracking, so linear; what it finds
    are whole candidates, and two of them never overlap, whatever came before: no candidate begins in the alphabet of another.
    group: the group that is the secret.  lead: characters of it that stand before the match.  check: which test of secret_values the candidate must pass ("" none).
    """

    kind: str
    trigger: str
    source: str
    check: str = "varied"
    score: float = 0.95
    group: int = 0
    lead: int = 0

    @property
    def pattern(self) -> re.Pattern[str]:
        """Compiled when first needed: most of the many never are."""
        return _compiled(self.source)


def _begins(kind: str, anchor: str, body: str, *, before: str = _ALNUM, check: str = "varied") -> Form:
    """A form that begins with a literal. before: characters that cannot stand right before it; an escape (\\n) can, though it ends in a letter, and the sign of a diff.

    The boundary is tested after the literal, so that the search for it runs at the speed of the literal; in others after their first character, if that is one of few.
    """
    literal = re.escape(anchor)
    return Form(kind, literal, rf"{literal}(?:(?<![{before}]{literal})|(?<=\\[nrt]{literal})|(?<=\n[-+]{literal})|(?<=\A[-+]{literal})){body}", check, 0.95 if len(anchor) > 3 else 0.9)


def _run(alphabet: str, low: int, high: int = 512) -> str:
    return rf"[{alphabet}]{{{low},{high}}}+"


_END = r"(?![A-Za-z0-9])"
_UUID = r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"

# kind, beginning, alphabet, shortest body. The alphabet also bounds the left: a beginning inside a run of it is none.
_SIMPLE: tuple[tuple[str, str, str, int], ...] = (
    ("OPENAI_KEY", "sk-", _URL, 20),  # sk-…, sk-proj-…, sk-svcacct-…; also DeepSeek and many that copy OpenAI
    ("ANTHROPIC_KEY", "sk-ant-", _URL, 20),
    ("OPENROUTER_KEY", "sk-or-", _URL, 20),
    ("LANGFUSE_KEY", "sk-lf-", _URL, 20),
    ("XAI_KEY", "xai-", _ALNUM, 40),
    ("PERPLEXITY_KEY", "pplx-", _ALNUM, 32),
    ("GROQ_KEY", "gsk_", _ALNUM, 32),
    ("CEREBRAS_KEY", "csk-", _ALNUM, 32),
    ("NVIDIA_KEY", "nvapi-", _URL, 40),
    ("HUGGINGFACE_TOKEN", "hf_", _ALNUM, 28),
    ("HUGGINGFACE_TOKEN", "api_org_", _ALNUM, 28),
    ("REPLICATE_TOKEN", "r8_", _ALNUM, 32),
    ("TOGETHER_KEY", "tgp_v1_", _URL, 32),
    ("FIREWORKS_KEY", "fw_", _ALNUM, 20),
    ("JINA_KEY", "jina_", _URL, 40),
    ("TAVILY_KEY", "tvly-", _URL, 24),
    ("PINECONE_KEY", "pcsk_", _URL, 40),
    ("LANGSMITH_KEY", "lsv2_pt_", "A-Za-z0-9_", 32),
    ("LANGSMITH_KEY", "lsv2_sk_", "A-Za-z0-9_", 32),
    ("RUNPOD_KEY", "rpa_", _ALNUM, 32),
    ("ELEVENLABS_KEY", "sk_", "a-f0-9", 40),
    ("GOOGLE_API_KEY", "AIza", _URL, 30),
    ("GOOGLE_OAUTH", "GOCSPX-", _URL, 24),
    ("GOOGLE_OAUTH", "ya29.", _DOTTED, 30),
    ("GITHUB_TOKEN", "ghp_", _ALNUM, 30),
    ("GITHUB_TOKEN", "gho_", _ALNUM, 30),
    ("GITHUB_TOKEN", "ghu_", _ALNUM, 30),
    ("GITHUB_TOKEN", "ghs_", _DOTTED, 30),
    ("GITHUB_TOKEN", "ghr_", _ALNUM, 30),
    ("GITHUB_TOKEN", "github_pat_", "A-Za-z0-9_", 40),
    ("GITLAB_TOKEN", "glpat-", _DOTTED, 18),
    ("GITLAB_TOKEN", "gldt-", _URL, 18),
    ("GITLAB_TOKEN", "glrt-", _DOTTED, 18),
    ("GITLAB_TOKEN", "glcbt-", _URL, 18),
    ("GITLAB_TOKEN", "glptt-", _URL, 18),
    ("GITLAB_TOKEN", "glft-", _URL, 18),
    ("GITLAB_TOKEN", "glsoat-", _URL, 18),
    ("GITLAB_TOKEN", "gloas-", _URL, 18),
    ("SLACK_TOKEN", "xoxb-", _URL, 20),
    ("SLACK_TOKEN", "xoxp-", _URL, 20),
    ("SLACK_TOKEN", "xoxa-", _URL, 20),
    ("SLACK_TOKEN", "xoxr-", _URL, 20),
    ("SLACK_TOKEN", "xoxs-", _URL, 20),
    ("SLACK_TOKEN", "xoxo-", _URL, 20),
    ("SLACK_TOKEN", "xoxc-", _URL, 20),
    ("SLACK_TOKEN", "xoxd-", "A-Za-z0-9_%/+-", 20),
    ("SLACK_TOKEN", "xoxe-", _URL, 20),
    ("SLACK_TOKEN", "xoxe.", _DOTTED, 20),
    ("SLACK_TOKEN", "xapp-", _URL, 20),
    ("STRIPE_KEY", "sk_live_", "A-Za-z0-9_", 16),
    ("STRIPE_KEY", "sk_test_", "A-Za-z0-9_", 16),
    ("STRIPE_KEY", "rk_live_", "A-Za-z0-9_", 16),
    ("STRIPE_KEY", "rk_test_", "A-Za-z0-9_", 16),
    ("STRIPE_KEY", "whsec_", "A-Za-z0-9/+_-", 24),
    ("NPM_TOKEN", "npm_", _ALNUM, 30),
    ("PYPI_TOKEN", "pypi-", _URL, 32),
    ("RUBYGEMS_KEY", "rubygems_", "a-f0-9", 40),
    ("CRATES_TOKEN", "cio", _ALNUM, 32),
    ("DATABRICKS_TOKEN", "dapi", "A-Za-z0-9-", 30),
    ("DIGITALOCEAN_TOKEN", "dop_v1_", _ALNUM, 40),
    ("DIGITALOCEAN_TOKEN", "doo_v1_", _ALNUM, 40),
    ("DIGITALOCEAN_TOKEN", "dor_v1_", _ALNUM, 40),
    ("WAKATIME_KEY", "waka_", "a-f0-9-", 36),
    ("CURSOR_KEY", "key_", "a-f0-9", 64),
    ("HEROKU_KEY", "HRKU-", _URL, 30),
    ("SHOPIFY_TOKEN", "shpat_", _ALNUM, 28),
    ("SHOPIFY_TOKEN", "shpca_", _ALNUM, 28),
    ("SHOPIFY_TOKEN", "shppa_", _ALNUM, 28),
    ("SHOPIFY_TOKEN", "shpss_", _ALNUM, 28),
    ("VAULT_TOKEN", "hvs.", _DOTTED, 20),
    ("VAULT_TOKEN", "hvb.", _DOTTED, 20),
    ("VAULT_TOKEN", "hvr.", _DOTTED, 20),
    ("DOCKER_TOKEN", "dckr_pat_", _URL, 20),
    ("DOCKER_TOKEN", "dckr_oat_", _URL, 20),
    ("LINEAR_KEY", "lin_api_", _ALNUM, 30),
    ("LINEAR_KEY", "lin_oauth_", _ALNUM, 30),
    ("NOTION_TOKEN", "ntn_", _ALNUM, 36),
    ("NOTION_TOKEN", "secret_", _ALNUM, 36),
    ("GRAFANA_TOKEN", "glsa_", "A-Za-z0-9_", 30),
    ("GRAFANA_TOKEN", "glc_", "A-Za-z0-9+/", 30),
    ("NEWRELIC_KEY", "NRAK-", _ALNUM, 24),
    ("NEWRELIC_KEY", "NRJS-", _ALNUM, 18),
    ("NEWRELIC_KEY", "NRII-", _URL, 28),
    ("FIGMA_TOKEN", "figd_", _URL, 32),
    ("POSTMAN_KEY", "PMAK-", "A-Za-z0-9-", 40),
    ("SENTRY_TOKEN", "sntrys_", "A-Za-z0-9_+/", 40),
    ("SENTRY_TOKEN", "sntryu_", _ALNUM, 40),
    ("NETLIFY_TOKEN", "nfp_", _ALNUM, 32),
    ("SUPABASE_KEY", "sbp_", _ALNUM, 36),
    ("SUPABASE_KEY", "sb_secret_", _URL, 24),
    ("PLANETSCALE_TOKEN", "pscale_tkn_", _DOTTED, 30),
    ("PLANETSCALE_TOKEN", "pscale_pw_", _DOTTED, 30),
    ("PULUMI_TOKEN", "pul-", _ALNUM, 36),
    ("DOPPLER_TOKEN", "dp.pt.", _ALNUM, 36),
    ("DOPPLER_TOKEN", "dp.st.", _DOTTED, 36),
    ("DYNATRACE_TOKEN", "dt0c01.", _DOTTED, 60),
    ("ATLASSIAN_TOKEN", "ATBB", _ALNUM, 28),
    ("CONTENTFUL_TOKEN", "CFPAT-", _URL, 40),
    ("ONEPASSWORD_TOKEN", "ops_", _URL, 100),
    ("AGE_KEY", "AGE-SECRET-KEY-1", "A-Z0-9", 50),
    ("TAILSCALE_KEY", "tskey-", "A-Za-z0-9-", 20),
    ("TYPEFORM_TOKEN", "tfp_", _DOTTED, 40),
    ("SONARQUBE_TOKEN", "sqp_", _ALNUM, 36),
    ("SONARQUBE_TOKEN", "squ_", _ALNUM, 36),
    ("SONARQUBE_TOKEN", "sqa_", _ALNUM, 36),
    ("ARTIFACTORY_KEY", "AKCp", _ALNUM, 60),
    ("BREVO_KEY", "xkeysib-", "A-Za-z0-9-", 60),
    ("SHIPPO_TOKEN", "shippo_live_", _ALNUM, 36),
    ("SHIPPO_TOKEN", "shippo_test_", _ALNUM, 36),
    ("EASYPOST_KEY", "EZAK", _ALNUM, 50),
    ("DUFFEL_TOKEN", "duffel_live_", _URL, 36),
    ("DUFFEL_TOKEN", "duffel_test_", _URL, 36),
    ("FLUTTERWAVE_KEY", "FLWSECK", _URL, 24),
    ("ADAFRUIT_KEY", "aio_", _ALNUM, 26),
    ("ALIBABA_KEY", "LTAI", _ALNUM, 16),
    ("TENCENT_KEY", "AKID", _ALNUM, 30),
    ("SQUARE_TOKEN", "sq0atp-", _URL, 20),
    ("SQUARE_TOKEN", "sq0csp-", _URL, 40),
    ("SQUARE_TOKEN", "EAAA", _URL, 56),
    ("BUILDKITE_TOKEN", "bkua_", _ALNUM, 36),
    ("CIRCLECI_TOKEN", "CCIPAT_", "A-Za-z0-9_", 40),
    ("CLOUDFLARE_TOKEN", "v1.0-", "a-f0-9-", 100),
    ("FLYIO_TOKEN", "fm2_", "A-Za-z0-9+/_", 60),
    ("FIREBASE_KEY", "APA91b", _URL, 60),
    ("TIDEGATE_KEY", "tg-", _URL, 40),
    ("AWS_BEDROCK_KEY", "ABSK", "A-Za-z0-9+/", 100),
    ("AWS_BEDROCK_KEY", "bedrock-api-key-", "A-Za-z0-9+/_-", 60),
    ("AWS_MWS_TOKEN", "amzn.mws.", "a-f0-9-", 36),
    ("GOOGLE_API_KEY", "AQ.Ab", _URL, 40),
    ("GITLAB_TOKEN", "glimt-", _URL, 18),
    ("GITLAB_TOKEN", "glagent-", _URL, 40),
    ("GITLAB_TOKEN", "glffct-", _URL, 18),
    ("GITLAB_TOKEN", "glrtr-", _DOTTED, 18),
    ("GITLAB_TOKEN", "glwt-", _URL, 18),
    ("GITLAB_TOKEN", "GR1348941", _URL, 18),
    ("LANGSMITH_KEY", "ls__", _ALNUM, 30),
    ("VOYAGE_KEY", "pa-", _URL, 40),
    ("WANDB_KEY", "wandb_v1_", "A-Za-z0-9_-", 40),
    ("ANYSCALE_KEY", "esecret_", _ALNUM, 20),
    ("E2B_KEY", "e2b_", "a-f0-9", 36),
    ("FIRECRAWL_KEY", "fc-", "a-f0-9", 32),
    ("APIFY_TOKEN", "apify_api_", _ALNUM, 30),
    ("LLAMA_CLOUD_KEY", "llx-", _ALNUM, 32),
    ("NOMIC_KEY", "nk-", _URL, 40),
    ("RESEND_KEY", "re_", "A-Za-z0-9_", 30),
    ("MAILERSEND_TOKEN", "mlsn.", "a-f0-9", 60),
    ("BREVO_KEY", "xsmtpsib-", "A-Za-z0-9-", 60),
    ("CLOJARS_TOKEN", "CLOJARS_", "a-f0-9", 50),
    ("VERCEL_TOKEN", "vcp_", _ALNUM, 24),
    ("VERCEL_TOKEN", "vca_", _ALNUM, 24),
    ("VERCEL_TOKEN", "vci_", _ALNUM, 24),
    ("VERCEL_TOKEN", "vck_", _ALNUM, 24),
    ("VERCEL_TOKEN", "vercel_blob_rw_", "A-Za-z0-9_", 30),
    ("CLOUDFLARE_TOKEN", "cfut_", _ALNUM, 36),
    ("CLOUDFLARE_TOKEN", "cfat_", _ALNUM, 36),
    ("CLOUDFLARE_TOKEN", "cfk_", _ALNUM, 36),
    ("RENDER_KEY", "rnd_", _ALNUM, 24),
    ("NEON_KEY", "napi_", _ALNUM, 40),
    ("PREFECT_KEY", "pnu_", _ALNUM, 32),
    ("PREFECT_KEY", "pnb_", _ALNUM, 32),
    ("AIVEN_TOKEN", "AVNS_", _URL, 18),
    ("IBM_KEY", "ApiKey-", "a-f0-9-", 36),
    ("YANDEX_TOKEN", "t1.", _DOTTED, 90),
    ("YANDEX_TOKEN", "AQVN", _URL, 34),
    ("YANDEX_TOKEN", "y0_", _URL, 40),
    ("DATADOG_KEY", "ddpat_", _ALNUM, 32),
    ("DATADOG_KEY", "ddapp_", _ALNUM, 32),
    ("POSTHOG_KEY", "phx_", _ALNUM, 36),
    ("POSTHOG_KEY", "phs_", _ALNUM, 36),
    ("HONEYCOMB_KEY", "hcaik_", "a-z0-9", 50),
    ("HONEYCOMB_KEY", "hcbik_", "a-z0-9", 50),
    ("AXIOM_TOKEN", "xaat-", "a-f0-9-", 36),
    ("AXIOM_TOKEN", "xapt-", "a-f0-9-", 36),
    ("LOGFIRE_TOKEN", "pylf_", "A-Za-z0-9_", 40),
    ("STATSIG_KEY", "secret-", _ALNUM, 40),
    ("SOURCEGRAPH_TOKEN", "sgp_", "A-Za-z0-9_", 36),  # Segment's begin alike
    ("SNYK_TOKEN", "snyk_uat.", _DOTTED, 50),
    ("SNYK_TOKEN", "snyk_sat.", _DOTTED, 50),
    ("CIRCLECI_TOKEN", "CCIPRJ_", "A-Za-z0-9_", 40),
    ("RAZORPAY_KEY", "rzp_live_", _ALNUM, 14),
    ("RAZORPAY_KEY", "rzp_test_", _ALNUM, 14),
    ("PADDLE_KEY", "pdl_live_apikey_", "A-Za-z0-9_", 40),
    ("PADDLE_KEY", "pdl_sdbx_apikey_", "A-Za-z0-9_", 40),
    ("PLAID_TOKEN", "access-sandbox-", "a-f0-9-", 36),
    ("PLAID_TOKEN", "access-production-", "a-f0-9-", 36),
    ("PLAID_TOKEN", "access-development-", "a-f0-9-", 36),
    ("EASYPOST_KEY", "EZTK", _ALNUM, 50),
    ("ONFIDO_TOKEN", "api_live.", _DOTTED, 36),
    ("ONFIDO_TOKEN", "api_sandbox.", _DOTTED, 36),
    ("FACEBOOK_TOKEN", "EAA", _ALNUM, 80),
    ("INSTAGRAM_TOKEN", "IGQV", _URL, 60),
    ("INSTAGRAM_TOKEN", "IGAA", _URL, 60),
    ("DROPBOX_TOKEN", "sl.", _DOTTED, 100),
    ("INTERCOM_TOKEN", "dG9rOj", "A-Za-z0-9+/", 40),  # base64 of `tok:` and a digit
    ("INTERCOM_TOKEN", "dG9rOm", "A-Za-z0-9+/", 40),  # and a letter of a to o
    ("FRAMEIO_TOKEN", "fio-u-", _URL, 50),
    ("README_KEY", "rdme_", "a-z0-9", 50),
    ("UNKEY_KEY", "unkey_", _ALNUM, 20),
    ("BFL_KEY", "bfl_", _ALNUM, 28),
    ("ROOTLY_TOKEN", "rootly_", "a-f0-9", 40),
    ("ZUPLO_KEY", "zpka_", "a-z0-9_", 36),
    ("CANVA_SECRET", "cnvca", _URL, 40),
    ("DOCKER_SWARM_TOKEN", "SWMTKN-1-", "a-z0-9-", 60),
    ("SCALINGO_TOKEN", "tk-us-", _URL, 40),
    ("MONGODB_SECRET", "mdb_sa_sk_", _URL, 36),
    ("DEFINED_KEY", "dnkey-", "A-Za-z0-9-", 60),
    ("POLAR_TOKEN", "polar_oat_", _ALNUM, 32),
    ("BROWSERBASE_KEY", "bb_live_", _URL, 24),
    ("ELASTIC_KEY", "essu_", "A-Za-z0-9+/", 40),
    ("CONFLUENT_SECRET", "cflt", "A-Za-z0-9+/", 50),
    ("SALESFORCE_TOKEN", "5Aep861", _DOTTED, 40),
    ("DOPPLER_TOKEN", "dp.ct.", _ALNUM, 36),
    ("DOPPLER_TOKEN", "dp.sa.", _ALNUM, 36),
    ("DOPPLER_TOKEN", "dp.scim.", _ALNUM, 36),
    ("DOPPLER_TOKEN", "dp.audit.", _ALNUM, 36),
    ("DATABRICKS_TOKEN", "dose", "a-f0-9", 32),
    ("FLYIO_TOKEN", "fo1_", _URL, 40),
    ("FLYIO_TOKEN", "fm1r_", "A-Za-z0-9+/_", 60),
    ("FLYIO_TOKEN", "fm1a_", "A-Za-z0-9+/_", 60),
    ("PLANETSCALE_TOKEN", "pscale_oauth_", _DOTTED, 30),
    ("GRAFANA_TOKEN", "eyJrIjoi", "A-Za-z0-9+/", 50),
    ("SHOPIFY_TOKEN", "shptka_", _ALNUM, 28),
    ("ARTIFACTORY_KEY", "cmVmd", _ALNUM, 55),
    ("DISCORD_TOKEN", "mfa.", _URL, 60),
    ("OPENVSX_TOKEN", "ovsxp_", "A-Za-z0-9-", 30),
    ("OPENVSX_TOKEN", "ovsxat_", "A-Za-z0-9-", 30),
)

_OWN: tuple[Form, ...] = (
    _begins("AWS_ACCESS_KEY", "AKIA", "[A-Z0-9]{16}" + _END),
    _begins("AWS_ACCESS_KEY", "ASIA", "[A-Z0-9]{16}" + _END),
    _begins("AWS_ACCESS_KEY", "ABIA", "[A-Z0-9]{16}" + _END),
    _begins("AWS_ACCESS_KEY", "ACCA", "[A-Z0-9]{16}" + _END),
    # the secret that stands beside the id: "AKIA… / 40 characters"
    Form("AWS_SECRET_KEY", "A[KS]IA[A-Z0-9]{4}", r"A[KS]IA[A-Z0-9]{16}(?=(?:[^A-Za-z0-9/+]{1,8}+[A-Za-z0-9/+]{1,24}+){0,4}?[^A-Za-z0-9/+]{1,8}+([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=]))", "mixed", 0.85, 1),
    _begins("ATLASSIAN_TOKEN", "ATATT3", _run(_URL, 60) + "(?:=[0-9A-Fa-f]{8})?", before=_URL),
    _begins("ATLASSIAN_TOKEN", "ATCTT3", _run(_URL, 60) + "(?:=[0-9A-Fa-f]{8})?", before=_URL),
    _begins("SENDGRID_KEY", "SG.", _run(_URL, 16, 64) + r"\." + _run(_URL, 30, 128), before=_DOTTED),
    _begins("DIGITALOCEAN_TOKEN", "DO00", "[A-Z0-9]{16}" + _END),  # an access key of Spaces
    _begins("DIGITALOCEAN_TOKEN", "DO801", "[A-Z0-9]{15}" + _END),
    Form("TWILIO_KEY", "SK[0-9a-f]{4}", r"SK(?<![A-Za-z0-9]SK)[0-9a-f]{32}" + _END),
    Form("MAILGUN_KEY", "key-[0-9a-z]{4}", r"key-(?<![A-Za-z0-9_-]key-)[0-9a-z]{32}" + _END),
    Form("MAILCHIMP_KEY", "[0-9a-f]-us[0-9]", r"-us(?<=(?<![A-Za-z0-9])[0-9a-f]{32}-us)[0-9]{1,2}" + _END, "varied", 0.9, lead=32),
    Form("HUBSPOT_TOKEN", "pat-[a-z]{2}[0-9]-", rf"pat-(?<![A-Za-z0-9_-]pat-)[a-z]{{2}}[0-9]-{_UUID}" + _END, ""),
    Form("AIRTABLE_TOKEN", "pat[A-Za-z0-9]{4}", r"pat(?<![A-Za-z0-9]pat)[A-Za-z0-9]{14}\.[A-Za-z0-9]{60,68}" + _END),
    Form("AIRTABLE_TOKEN", "key[A-Za-z0-9]{4}", r"key(?<![A-Za-z0-9_]key)(?=[A-Za-z]{0,13}[0-9])[A-Za-z0-9]{14}" + _END, "mixed", 0.7),
    Form("TELEGRAM_BOT", "[0-9]{3}:[A-Za-z0-9_-]{8}", r"[0-9](?<![A-Za-z0-9].)[0-9]{7,9}:[A-Za-z0-9_-]{34,36}(?![A-Za-z0-9_-])", "mixed", 0.9),
    Form("DISCORD_TOKEN", r"\.[A-Za-z0-9_-]{6}\.", r"[MNO](?<![A-Za-z0-9_.-].)[A-Za-z0-9_-]{22,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,40}(?![A-Za-z0-9_-]|\.[A-Za-z0-9])", "mixed", 0.9),
    Form("TWITTER_TOKEN", "AAAAAAAAAAAAAAAAAAAAA", r"A{21}(?<![A-Za-z0-9%/]A{21})(?=[A-Za-z0-9]{1,100}%)[A-Za-z0-9%]{30,200}+", "mixed"),
    Form("MAPBOX_TOKEN", r"[st]k\.eyJ", r"[st]k\.eyJ(?<![A-Za-z0-9_.-][st]k\.eyJ)[A-Za-z0-9_-]{40,400}+\.[A-Za-z0-9_-]{20,64}+", "mixed"),
    Form("MAILGUN_KEY", "[0-9a-f]-[0-9a-f]{8}-[0-9a-f]{8}", r"(?<![A-Za-z0-9_-])[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8}(?![A-Za-z0-9_-])"),
    Form("NEWRELIC_KEY", "FFFFNRAL", r"(?<![A-Za-z0-9])[0-9a-f]{32,36}FFFFNRAL" + _END),
    Form("AZURE_KEY", "(?:AStw|ACDb|AzFu|AzSe|AzCa|ABat|AIoT|ASb|AEh|AMC|ACR|APIM)[A-Za-z0-9+/_-]{1,6}=", r"(?<![A-Za-z0-9+/_=-])[A-Za-z0-9+/_-]{38,78}(?:AStw|ACDb|AzFu|AzSe|AzCa|ABat|AIoT|ASb|AEh|AMC|ACR|APIM)[A-Za-z0-9+/_-]{1,6}={1,2}", "mixed"),
    Form("LAUNCHDARKLY_KEY", "(?:sdk|api|mob)-[0-9a-f]{4}", rf"(?:sdk|api|mob)-(?<![A-Za-z0-9_-](?:sdk|api|mob)-){_UUID}" + _END, ""),
    Form("HARNESS_TOKEN", r"(?:pat|sat)\.", r"(?:pat|sat)\.(?<![A-Za-z0-9_-](?:pat|sat)\.)[A-Za-z0-9_-]{22}\.[0-9a-f]{24}\.[A-Za-z0-9]{20}" + _END),
    Form("INFISICAL_TOKEN", r"st\.[0-9a-f]{4}", r"st\.(?<![A-Za-z0-9_-]st\.)[0-9a-f]{24}\.[0-9a-f]{32,64}\.[0-9a-f]{32}" + _END),
    Form("API_KEY", "live_", r"live_(?<![A-Za-z0-9_-]live_)[A-Za-z0-9_-]{35,45}(?![A-Za-z0-9_-])", "drawn"),
    Form("API_KEY", "sk_", r"sk_(?<![A-Za-z0-9_-]sk_)[A-Za-z0-9]{24,128}+", "drawn"),
    Form("NEON_KEY", "npg_", r"npg_(?<![A-Za-z0-9_-]npg_)[A-Za-z0-9]{12,16}" + _END),
    Form("CLICKHOUSE_KEY", "4b1d", r"4b1d(?<![A-Za-z0-9_-]4b1d)[A-Za-z0-9]{38}" + _END, "mixed"),
    Form("NUGET_KEY", "oy2", r"oy2(?<![A-Za-z0-9_-]oy2)[a-z0-9]{43}" + _END),
    Form("MODAL_TOKEN", "a[ks]-[A-Za-z0-9]{4}", r"a[ks]-(?<![A-Za-z0-9_-]a[ks]-)[A-Za-z0-9]{22}" + _END, "mixed", 0.8),
    Form("VAULT_TOKEN", r"(?:^|[^A-Za-z0-9_.-])s\.[A-Za-z0-9]{4}", r"s\.(?<![A-Za-z0-9_.-]s\.)[A-Za-z0-9]{24}(?![A-Za-z0-9_(-]|\.[A-Za-z0-9])", "mixed", 0.8),
    Form("SALESFORCE_TOKEN", "00D", r"00D(?<![A-Za-z0-9]00D)[A-Za-z0-9]{12,15}![A-Za-z0-9_.]{60,200}+", "mixed"),
    Form("ASANA_TOKEN", "[12]/[0-9]{4}", r"[12](?<![A-Za-z0-9/].)/[0-9]{13,20}(?:/[0-9]{13,20})?:[0-9a-f]{32}" + _END),
    Form("BRAINTREE_TOKEN", r"access_token\$", r"access_token\$(?:production|sandbox)\$[0-9a-z]{16}\$[0-9a-f]{32}" + _END),
    Form("ADYEN_KEY", "AQE", r"AQE(?:(?<![A-Za-z0-9+/_-]AQE)|(?<=\n[-+]AQE)|(?<=\A[-+]AQE))[A-Za-z0-9+/_-]{40,200}+=-[A-Za-z0-9_-]{10,40}+", "mixed"),
    Form("BITWARDEN_TOKEN", r"0\.[0-9a-f]{4}", rf"0\.(?<![A-Za-z0-9.]0\.){_UUID}\.[A-Za-z0-9]{{30}}:[A-Za-z0-9+/]{{22}}=="),
    Form("ONEPASSWORD_KEY", "A3-", r"A3-(?<![A-Za-z0-9_-]A3-)[A-Z0-9]{6}(?:-[A-Z0-9]{5,11}){4,5}(?![A-Za-z0-9_-])"),
    Form("FACEBOOK_TOKEN", r"[0-9]\|", r"[0-9](?<![A-Za-z0-9].)[0-9]{12,16}\|(?=([A-Za-z0-9_-]{25,40})(?![A-Za-z0-9_-]))", "mixed", 0.9, 1),
    Form("TWITCH_TOKEN", "oauth:", r"oauth:(?<![A-Za-z0-9_-]oauth:)[a-z0-9]{30}" + _END),
    Form("WALLET_KEY", "[xyzt]prv", r"[xyzt]prv(?<![A-Za-z0-9][xyzt]prv)[1-9A-HJ-NP-Za-km-z]{100,112}" + _END),
    # <who>_<what it is>_<drawn>: the way most issuers write new keys. Public ones (pk_live_) and ids (cs_test_) are none.
    Form("API_KEY", "_(?:live|test|prod|sbox|sandbox|sk|pat|key|apikey|secret|token|api|oat|sat|uat|tkn|oauth|pw|admin|dev)[_-]", r"[a-z](?:(?<![A-Za-z0-9_.+/$\\-].)|(?<=\n[-+].)|(?<=\A[-+].))(?!(?<=p)(?:[ku]b?_|ub)|(?<=c)s_|[a-z]{0,7}_pub)[a-z0-9]{1,15}(?:_[a-z0-9]{1,12}){0,2}_(?:live|test|prod|sbox|sandbox|sk|pat|key|apikey|secret|token|api|oat|sat|uat|tkn|oauth|pw|admin|dev)[_-][A-Za-z0-9]{20,200}+(?:_[A-Za-z0-9]{2,200}+){0,3}+", "affixed", 0.8),
    # what a signed URL is good for hangs on its signature
    Form("PRESIGNED_URL", "-[Ss]ignature=", r"-[Ss]ignature=(?=([0-9a-f]{64,1024}+))", "", 0.85, 1),
    # a line of htpasswd or shadow; `password_hash: $2b$…` in a dump is none
    Form("PASSWORD_HASH", r":\$(?:apr1|1|2[abxy]|5|6|y)\$", r"(?<![^\s\"'])[A-Za-z0-9_.@-]{1,64}:(?=(\$(?:apr1|1|2[abxy]|5|6|y)\$[A-Za-z0-9./$=]{20,200}+))", "", 0.8, 1),
    Form("TERRAFORM_TOKEN", r"\.atlasv1\.", r"\.atlasv1\.(?<=(?<![A-Za-z0-9])[A-Za-z0-9]{14}\.atlasv1\.)[A-Za-z0-9_=-]{56,80}", "", 0.95, lead=14),
    Form("AZURE_CLIENT_SECRET", "[0-9]Q~", r"Q~(?<=(?<![A-Za-z0-9_~.-])[A-Za-z0-9_~.-]{3}[0-9]Q~)[A-Za-z0-9_~.-]{30,36}(?![A-Za-z0-9_~.-])", "", 0.95, lead=4),
    Form("AZURE_OPENAI_KEY", "JQQJ99", r"JQQJ99(?<=(?<![A-Za-z0-9])[A-Za-z0-9]{52}JQQJ99)[A-Za-z0-9]{20,30}" + _END, "", 0.95, lead=52),
    Form("GOOGLE_OAUTH", "1//0", r"1//0(?<![A-Za-z0-9_/-]1//0)[A-Za-z0-9_-]{30,256}+", "mixed", 0.9),
    Form("SLACK_WEBHOOK", r"hooks\.slack\.com/", r"https://hooks\.slack\.com/(?:services|workflows|triggers)/[A-Za-z0-9_/-]{20,256}+", "varied", 0.95),
    Form("DISCORD_WEBHOOK", "/api/webhooks/", r"https://(?:[a-z]{1,8}\.)?discord(?:app)?\.com/api/webhooks/[0-9]{10,22}/[A-Za-z0-9_-]{40,100}+", "varied", 0.95),
    Form("TEAMS_WEBHOOK", r"webhook\.office\.com/", r"https://[a-z0-9-]{1,64}\.webhook\.office\.com/webhookb2/[A-Za-z0-9@/_-]{60,300}+", "varied", 0.95),
    Form("JWT", "eyJ", r"eyJ(?:(?<![A-Za-z0-9_.-]eyJ)|(?<=\\[nrt]eyJ))[A-Za-z0-9_-]{8,2000}+\.[A-Za-z0-9_-]{2,6000}+(?:\.[A-Za-z0-9_-]{0,2000}+){1,3}+", "jwt", 0.95),
    # a password may hold an @ itself, though it should be written %40: the last one before the path begins the host
    Form("CONNECTION_STRING", "://", r"://(?<=[A-Za-z0-9]://)(?=([^\s:/?#@,\"'<>`|\\]{0,128}+:(?:[^\s@/\"'<>`\\]{1,256}+|(?=@[^\s@/?#\"'<>`\\]{1,128}@))(?:@(?=[^\s@/?#,;\"'<>`\\]{0,128}@)[^\s@/?#,;\"'<>`\\]{0,128}+){0,4}+)@[^\s@])", "userinfo", 0.9, 1),
    Form("CONNECTION_STRING", "@", r"://(?=([A-Za-z0-9_.-]{20,256}+)@[A-Za-z0-9])", "random", 0.85, 1),  # https://<token>@github.com
    Form("PASSWORD", r":(?:5432|5433|6432|\*):", r"(?<!\S)[\w.*-]{1,64}:(?:5432|5433|6432|\*):[\w*-]{1,64}:[\w.-]{1,64}:(?=([A-Za-z0-9._%+@/=&#;~$!*?-]{6,128}+))", "secret", 0.8, 1),  # a line of .pgpass
    Form("PRIVATE_KEY", '"d\"', r'"d"\s?:\s?"(?=([A-Za-z0-9_-]{40,700}+)")', "mixed", 0.9, 1),  # of a JWK
    Form("CONNECTION_STRING", ":thin:", r":thin:(?=([A-Za-z0-9_.-]{1,64}/[A-Za-z0-9._%+#;~$!*?=-]{4,64}+)@)", "", 0.85, 1),  # Oracle
    # of a card, a door, a telephone; six digits after "PIN code" are a place in India
    Form("PIN", r"(?i)pin(?:[ _-]code| number)?(?:[\"']?[:=]| is )", r"[Pp](?<!\w.)[Ii][Nn](?<!(?:GPIO|gpio) [PpIiNn]{3})(?: code| number|[_-]code)?(?:[\"']?[:=] ?[\"']?| is (?:now )?:?)(?=([0-9]{4}|(?<!code: )(?<!code:)(?<!code is )[0-9]{6})(?![0-9A-Za-z]|[.,:/-][0-9]))", "any", 0.6, 1),
    Form("PRIVATE_KEY", "Private-Lines: ", r"Private-Lines: [0-9]{1,3}\s{1,2}(?=((?:[A-Za-z0-9+/=]{16,64}\s{0,2})+))", "", 0.95, 1),  # PuTTY
    Form("BEARER_TOKEN", "(?i)bearer", r"[Bb](?:earer|EARER)(?:\s|%20|\+){1,4}(?=([A-Za-z0-9_.~+/-]{16,2000}+={0,2}+))", "random", 0.85, 1),
    Form("BASIC_AUTH", "(?i)basic", r"[Bb](?:asic|ASIC)\s{1,4}(?=([A-Za-z0-9+/]{8,600}+={0,2}+)(?![A-Za-z0-9+/=]))", "basic", 0.9, 1),
    Form("BASIC_AUTH", " (?:-[a-zA-Z]{0,3}[ua]|--user|--auth)[ =]", r"\s(?:-[a-zA-Z]{0,3}[ua]|--user|--auth)[ =]{1,3}[\"']?(?=([^\s:\"'/]{1,64}:[^\s\"'/]{6,256}+))", "command", 0.8, 1),
)

FORMS: tuple[Form, ...] = tuple(_begins(kind, anchor, _run(alphabet, low) + ("={0,2}" if "+/" in alphabet else ""), before=alphabet) for kind, anchor, alphabet, low in _SIMPLE) + _OWN

# RFC 7468 and what people do to it: lines joined by \n escapes, by quotes and commas, indented, quoted with ">".
_GLUE = r"(?:\s|\\{1,4}[nrt]|[\"'+,>|#*`])"
_LABEL = r"(?:[A-Z0-9]{1,16} ){0,4}PRIVATE KEY(?: BLOCK)?-----"
_HEADERS = rf"(?:[A-Za-z][A-Za-z-]{{1,24}}: [^\r\n\\]{{1,120}}+{_GLUE}{{1,16}}+){{0,8}}+"
_OPENING = rf"-----BEGIN {_LABEL}{_GLUE}{{0,24}}+{_HEADERS}"
_LINE = rf"[A-Za-z0-9+/=]{{16,}}+{_GLUE}{{0,24}}+"
_REST = rf"(?:[A-Za-z0-9+/=]{{1,15}}+{_GLUE}{{0,24}}+){{0,2}}+"



@cache
def pem() -> re.Pattern[str]:
    """A private key: (1) its lines, (2) its end, if it has one."""
    return re.compile(rf"{_OPENING}((?:{_LINE})++){_REST}(-----END {_LABEL})?")


@cache
def pem_open() -> re.Pattern[str]:
    """The end of a text that may yet become a private key: everything above, cut anywhere."""
    return re.compile(
        rf"-----BEGIN(?: [A-Z0-9 ]{{0,80}}+-{{0,5}}+)?\Z|{_OPENING}(?:{_LINE})*+(?:{_REST}(?:-{{1,5}}+[A-Z0-9 ]{{0,80}}+-{{0,5}}+)?|[A-Za-z][A-Za-z-]{{0,24}}(?::[^\r\n\\]{{0,121}}+)?)\\{{0,4}}\Z"
    )
