//! Who may do what: the one table. What does not stand in it is allowed to nobody.

use std::collections::BTreeSet;

use doldam_processors::Scope;

/// By which listener a request came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// The controller's own people.
    Staff,
    /// Processors' programs.
    Processor,
    /// Whoever reads a notice on the web site.
    Public,
}

/// What a member of staff is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Answers for the data.
    PrivacyOfficer,
    /// Agrees to what others ask for.
    Approver,
    /// Lets outside developers work.
    Engineer,
    /// Looks at cases.
    Analyst,
    /// Reads everything, changes nothing.
    Auditor,
    /// Reads what is of one processor, for a term.
    Inspector,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 6] = [
        Self::PrivacyOfficer,
        Self::Approver,
        Self::Engineer,
        Self::Analyst,
        Self::Auditor,
        Self::Inspector,
    ];

    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::PrivacyOfficer => "privacy-officer",
            Self::Approver => "approver",
            Self::Engineer => "engineer",
            Self::Analyst => "analyst",
            Self::Auditor => "auditor",
            Self::Inspector => "inspector",
        }
    }

    /// The role of that word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.word() == word)
    }
}

/// One kind of caller that a rule lets in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Whoever reaches the door.
    Anybody,
    /// Staff of this role who chose their secret.
    Staff(Role),
    /// Staff who have yet to choose their secret.
    Newcomer,
    /// A program whose key has this scope.
    Program(Scope),
}

/// One route.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// GET, POST or DELETE.
    pub method: &'static str,
    /// The path, as in the OpenAPI document.
    pub path: &'static str,
    /// The listeners that have it.
    pub doors: &'static [Door],
    /// Who may.
    pub may: &'static [Who],
    /// Largest body in bytes.
    pub body_bytes_max: usize,
    /// How a repeated request is kept from a second effect.
    pub once: Once,
}

/// How a POST that is sent again has one effect only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Once {
    /// By the caller's Idempotency-Key: the first answer is kept and given again.
    ByKey,
    /// By a name in the body that stands for the act for all time; no answer is kept beside it.
    /// Says why.
    ByContent(&'static str),
    /// It changes nothing. Says what it does instead.
    NoEffect(&'static str),
}

impl Rule {
    /// Whether this kind of caller may, at this door.
    pub fn lets_in(&self, door: Door, who: Who) -> bool {
        self.doors.contains(&door) && (self.may.contains(&who) || self.may.contains(&Who::Anybody))
    }

    /// Whether a repeated request must have one effect only.
    pub fn has_effect(&self) -> bool {
        self.method == "POST" && !matches!(self.once, Once::NoEffect(_))
    }

    /// Whether the caller must send an Idempotency-Key.
    pub fn needs_key(&self) -> bool {
        self.method == "POST" && self.once == Once::ByKey
    }

    /// Whether it is a part of fraud detection, which may be off.
    pub fn is_of_fraud(&self) -> bool {
        FRAUD_NOUNS.contains(&noun(self.path))
    }
}

/// What this kind of caller may at this door, as `GET /api/v1/traces`, in the table's order.
/// `has_fraud`: whether fraud detection is on.
pub fn allowed(door: Door, who: Who, has_fraud: bool) -> Vec<String> {
    let rules = TABLE.iter().filter(|rule| rule.lets_in(door, who));
    let rules = rules.filter(|rule| has_fraud || !rule.is_of_fraud());
    rules.map(|rule| format!("{} {}", rule.method, rule.path)).collect()
}

/// The nouns that this server has routes for: a part of the product that is off has none.
pub fn modules(has_fraud: bool) -> BTreeSet<&'static str> {
    let rules = TABLE.iter().filter(|rule| rule.path.starts_with("/api/v1/"));
    let rules = rules.filter(|rule| has_fraud || !rule.is_of_fraud());
    rules.map(|rule| noun(rule.path)).filter(|noun| !noun.contains('.')).collect()
}

/// The noun of a path: `transactions` of `/api/v1/transactions:decide`.
fn noun(path: &'static str) -> &'static str {
    let rest = path.trim_start_matches("/api/v1/");
    rest.split(['/', ':']).next().unwrap_or_default()
}

/// The nouns of fraud detection.
const FRAUD_NOUNS: [&str; 2] = ["transactions", "fraud"];

/// The rule of a route.
pub fn rule(method: &str, path: &str) -> Option<&'static Rule> {
    TABLE.iter().find(|rule| rule.method == method && rule.path == path)
}

const STAFF: &[Door] = &[Door::Staff];
const PROCESSOR: &[Door] = &[Door::Processor];
const BOTH: &[Door] = &[Door::Staff, Door::Processor];
const EVERY: &[Door] = &[Door::Staff, Door::Processor, Door::Public];
const PUBLIC: &[Door] = &[Door::Public];

const OFFICER: Who = Who::Staff(Role::PrivacyOfficer);
const APPROVER: Who = Who::Staff(Role::Approver);
const ENGINEER: Who = Who::Staff(Role::Engineer);
const ANALYST: Who = Who::Staff(Role::Analyst);
const AUDITOR: Who = Who::Staff(Role::Auditor);
const INSPECTOR: Who = Who::Staff(Role::Inspector);

const ANYBODY: &[Who] = &[Who::Anybody];
const EVERY_STAFF: &[Who] =
    &[OFFICER, APPROVER, ENGINEER, ANALYST, AUDITOR, INSPECTOR, Who::Newcomer];
const READERS: &[Who] = &[OFFICER, APPROVER, ENGINEER, ANALYST, AUDITOR];
const READERS_AND_INSPECTOR: &[Who] = &[OFFICER, APPROVER, ENGINEER, ANALYST, AUDITOR, INSPECTOR];
const OFFICER_ONLY: &[Who] = &[OFFICER];
const GIVERS: &[Who] = &[OFFICER, ENGINEER];
const TRACERS: &[Who] = &[OFFICER, ANALYST];
const FINDERS: &[Who] = &[OFFICER, ANALYST];
const TRACE_READERS: &[Who] = &[OFFICER, ANALYST, AUDITOR];
const WATCHERS: &[Who] = &[OFFICER, AUDITOR];
const AGREEING: &[Who] = &[OFFICER, APPROVER];
const INCIDENT_READERS: &[Who] = &[OFFICER, APPROVER, ANALYST, AUDITOR];
const INCIDENT_READERS_AND_INSPECTOR: &[Who] = &[OFFICER, APPROVER, ANALYST, AUDITOR, INSPECTOR];
const OVERSEERS: &[Who] = &[OFFICER, APPROVER, AUDITOR];
const FETCHERS: &[Who] = &[Who::Program(Scope::DeliveriesRead)];
const PLAYERS: &[Who] = &[Who::Program(Scope::SandboxRead)];
const WRITERS: &[Who] = &[Who::Program(Scope::MessagesWrite)];
const REMAPPERS: &[Who] = &[Who::Program(Scope::PseudonymsRemap)];
const DECIDERS: &[Who] = &[ENGINEER, ANALYST, Who::Program(Scope::TransactionsDecide)];
const DECISION_READERS: &[Who] = &[OFFICER, ANALYST, AUDITOR];
const RULE_WRITERS: &[Who] = &[OFFICER, ANALYST];
const REVIEWERS: &[Who] = &[OFFICER, ANALYST];
const RULE_READERS: &[Who] = READERS;
const DELIVERY_READERS: &[Who] = &[
    OFFICER,
    APPROVER,
    ENGINEER,
    ANALYST,
    AUDITOR,
    INSPECTOR,
    Who::Program(Scope::DeliveriesRead),
];

/// Largest JSON body in bytes.
const JSON: usize = 64 << 10;
/// Largest body of 10,000 pseudonyms in bytes.
const PSEUDONYMS: usize = 1 << 20;
/// Largest file that is traced or recorded over HTTP, in bytes; larger ones go by the command line.
pub(crate) const UPLOAD: usize = 64 << 20;
/// Largest body of a thousand transactions, or of a list's new members, in bytes.
const TRANSACTIONS: usize = 4 << 20;
/// Largest body with a rule set in bytes.
const RULES: usize = 2 << 20;
/// Largest body with a model in bytes.
const SETUP: usize = 32 << 20;

const fn get(path: &'static str, doors: &'static [Door], may: &'static [Who]) -> Rule {
    Rule { method: "GET", path, doors, may, body_bytes_max: 0, once: Once::ByKey }
}

const fn post(path: &'static str, may: &'static [Who]) -> Rule {
    Rule { method: "POST", path, doors: STAFF, may, body_bytes_max: JSON, once: Once::ByKey }
}

const fn upload(path: &'static str, may: &'static [Who]) -> Rule {
    Rule { method: "POST", path, doors: STAFF, may, body_bytes_max: UPLOAD, once: Once::ByKey }
}

const fn program_post(path: &'static str, may: &'static [Who], body_bytes_max: usize) -> Rule {
    Rule { method: "POST", path, doors: PROCESSOR, may, body_bytes_max, once: Once::ByKey }
}

/// A POST of staff with a long body.
const fn long_post(path: &'static str, may: &'static [Who], body_bytes_max: usize) -> Rule {
    Rule { body_bytes_max, ..post(path, may) }
}

/// A POST at both doors whose body names the act.
const fn named_post(path: &'static str, body_bytes_max: usize, why: &'static str) -> Rule {
    let once = Once::ByContent(why);
    Rule { method: "POST", path, doors: BOTH, may: DECIDERS, body_bytes_max, once }
}

/// A POST of staff that changes nothing.
const fn ask(path: &'static str, may: &'static [Who], what: &'static str) -> Rule {
    Rule { body_bytes_max: RULES, once: Once::NoEffect(what), ..post(path, may) }
}

/// All routes.
pub const TABLE: &[Rule] = &[
    get("/healthz", EVERY, ANYBODY),
    get("/readyz", BOTH, ANYBODY),
    get("/metrics", STAFF, ANYBODY),
    get("/api/v1/openapi.json", BOTH, ANYBODY),
    get("/notices", PUBLIC, ANYBODY),
    get("/notices/{slug}", PUBLIC, ANYBODY),
    post("/api/v1/sessions", ANYBODY),
    get("/api/v1/sessions/current", STAFF, EVERY_STAFF),
    Rule {
        method: "DELETE",
        path: "/api/v1/sessions/current",
        doors: STAFF,
        may: EVERY_STAFF,
        body_bytes_max: 0,
        once: Once::ByKey,
    },
    get("/api/v1/sessions/ways", STAFF, ANYBODY),
    post("/api/v1/sessions/passkey/challenge", ANYBODY),
    post("/api/v1/sessions/passkey", ANYBODY),
    post("/api/v1/sessions/sso/door", ANYBODY),
    post("/api/v1/sessions/sso", ANYBODY),
    post("/api/v1/passkeys/challenge", READERS_AND_INSPECTOR),
    get("/api/v1/passkeys", STAFF, READERS_AND_INSPECTOR),
    post("/api/v1/passkeys", READERS_AND_INSPECTOR),
    post("/api/v1/passkeys/{id}/revoke", READERS_AND_INSPECTOR),
    get("/api/v1/staff/{id}/passkeys", STAFF, WATCHERS),
    post("/api/v1/staff/{id}/sso", OFFICER_ONLY),
    post("/api/v1/staff/{id}/sso/unlink", OFFICER_ONLY),
    get("/api/v1/staff", STAFF, WATCHERS),
    post("/api/v1/staff", OFFICER_ONLY),
    post("/api/v1/staff/{id}/disable", OFFICER_ONLY),
    post("/api/v1/staff/me/passphrase", EVERY_STAFF),
    get("/api/v1/processors", STAFF, READERS_AND_INSPECTOR),
    post("/api/v1/processors", GIVERS),
    get("/api/v1/processors/{id}", STAFF, READERS_AND_INSPECTOR),
    post("/api/v1/processors/{id}/cut", OFFICER_ONLY),
    post("/api/v1/processors/{id}/resume", OFFICER_ONLY),
    post("/api/v1/processors/{id}/resume/request", OFFICER_ONLY),
    get("/api/v1/processors/{id}/api-keys", STAFF, READERS_AND_INSPECTOR),
    post("/api/v1/processors/{id}/api-keys", GIVERS),
    post("/api/v1/api-keys/{id}/revoke", GIVERS),
    get("/api/v1/disclosures", STAFF, READERS_AND_INSPECTOR),
    post("/api/v1/disclosures", GIVERS),
    post("/api/v1/disclosures/raw", GIVERS),
    upload("/api/v1/disclosures/past", GIVERS),
    upload("/api/v1/disclosures/past/preview", GIVERS),
    get("/api/v1/disclosures/{id}", STAFF, READERS_AND_INSPECTOR),
    get("/api/v1/deliveries", BOTH, DELIVERY_READERS),
    post("/api/v1/deliveries", GIVERS),
    get("/api/v1/deliveries/{id}/file", PROCESSOR, FETCHERS),
    upload("/api/v1/traces", TRACERS),
    get("/api/v1/traces", STAFF, TRACE_READERS),
    get("/api/v1/traces/{id}", STAFF, TRACE_READERS),
    get("/api/v1/incidents", STAFF, INCIDENT_READERS_AND_INSPECTOR),
    post("/api/v1/incidents", OFFICER_ONLY),
    get("/api/v1/incidents/{id}", STAFF, INCIDENT_READERS_AND_INSPECTOR),
    get("/api/v1/incidents/{id}/people", STAFF, INCIDENT_READERS),
    post("/api/v1/incidents/{id}/facts", OFFICER_ONLY),
    post("/api/v1/incidents/{id}/traces", OFFICER_ONLY),
    get("/api/v1/incidents/{id}/timeline", STAFF, INCIDENT_READERS_AND_INSPECTOR),
    post("/api/v1/incidents/{id}/containment", OFFICER_ONLY),
    post("/api/v1/incidents/{id}/report", OFFICER_ONLY),
    post("/api/v1/incidents/{id}/close", OFFICER_ONLY),
    get("/api/v1/incidents/{id}/duties", STAFF, INCIDENT_READERS),
    post("/api/v1/incidents/{id}/duties/start", OFFICER_ONLY),
    post("/api/v1/incidents/{id}/duties/{duty}/stop", OFFICER_ONLY),
    post("/api/v1/incidents/{id}/duties/{duty}/wait", OFFICER_ONLY),
    post("/api/v1/incidents/{id}/duties/{duty}/go-on", OFFICER_ONLY),
    get("/api/v1/incidents/{id}/notices", STAFF, INCIDENT_READERS),
    post("/api/v1/incidents/{id}/notices", OFFICER_ONLY),
    post("/api/v1/incidents/{id}/notices/{notice}/preview", AGREEING),
    post("/api/v1/incidents/{id}/notices/{notice}/approve", AGREEING),
    post("/api/v1/incidents/{id}/notices/{notice}/break-glass", OFFICER_ONLY),
    post("/api/v1/incidents/{id}/notices/{notice}/drop", OFFICER_ONLY),
    post("/api/v1/incidents/{id}/notices/{notice}/send", OFFICER_ONLY),
    get("/api/v1/incidents/{id}/notices/{notice}/progress", STAFF, INCIDENT_READERS),
    get("/api/v1/incidents/{id}/notices/{notice}/in-doubt", STAFF, OVERSEERS),
    post("/api/v1/incidents/{id}/notices/{notice}/resolve", AGREEING),
    post("/api/v1/incidents/{id}/notices/{notice}/finish", OFFICER_ONLY),
    get("/api/v1/incidents/{id}/postings", STAFF, INCIDENT_READERS),
    post("/api/v1/incidents/{id}/postings", OFFICER_ONLY),
    post("/api/v1/incidents/{id}/postings/{posting}/end", OFFICER_ONLY),
    get("/api/v1/drills", STAFF, OVERSEERS),
    post("/api/v1/drills", OFFICER_ONLY),
    get("/api/v1/drills/{id}", STAFF, OVERSEERS),
    get("/api/v1/gateways", STAFF, READERS),
    get("/api/v1/events", STAFF, READERS),
    get("/api/v1/health", STAFF, READERS),
    get("/api/v1/subjects", STAFF, READERS),
    post("/api/v1/subjects/find", FINDERS),
    get("/api/v1/subjects/{id}", STAFF, FINDERS),
    get("/api/v1/subjects/{id}/holdings", STAFF, TRACE_READERS),
    get("/api/v1/subjects/{id}/looks", STAFF, WATCHERS),
    post("/api/v1/subjects/{id}/reveal", FINDERS),
    post("/api/v1/subjects/{id}/erase", OFFICER_ONLY),
    get("/api/v1/audit", STAFF, WATCHERS),
    get("/api/v1/audit/verification", STAFF, WATCHERS),
    get("/api/v1/approvals", STAFF, READERS),
    post("/api/v1/approvals/{id}/agree", AGREEING),
    post("/api/v1/approvals/{id}/break-glass", OFFICER_ONLY),
    get("/api/v1/approvals/small-team", STAFF, READERS),
    post("/api/v1/approvals/small-team", OFFICER_ONLY),
    get("/api/v1/sandbox", PROCESSOR, PLAYERS),
    get("/api/v1/processors/{id}/message-templates", STAFF, READERS_AND_INSPECTOR),
    post("/api/v1/processors/{id}/message-templates", GIVERS),
    program_post("/api/v1/messages", WRITERS, JSON),
    get("/api/v1/messages/{id}", PROCESSOR, WRITERS),
    program_post("/api/v1/pseudonyms/remap", REMAPPERS, PSEUDONYMS),
    get("/api/v1/domains", STAFF, READERS_AND_INSPECTOR),
    post("/api/v1/domains/{id}/renew", GIVERS),
    named_post(
        "/api/v1/transactions:decide",
        TRANSACTIONS,
        "the event's own id: the log holds one decision for it, which is given again for ever",
    ),
    named_post(
        "/api/v1/transactions:label",
        JSON,
        "the event's own id: the same label again says nothing new",
    ),
    get("/api/v1/fraud", STAFF, RULE_READERS),
    get("/api/v1/fraud/decisions", STAFF, DECISION_READERS),
    get("/api/v1/fraud/decisions/{event}", STAFF, DECISION_READERS),
    get("/api/v1/fraud/rules", STAFF, RULE_READERS),
    ask("/api/v1/fraud/rules:check", RULE_READERS, "it reads a draft"),
    ask("/api/v1/fraud/rules:back-test", DECISION_READERS, "it runs a draft over the past"),
    get("/api/v1/fraud/features", STAFF, RULE_READERS),
    get("/api/v1/fraud/model", STAFF, RULE_READERS),
    long_post("/api/v1/fraud/setups/request", RULE_WRITERS, SETUP),
    long_post("/api/v1/fraud/setups", RULE_WRITERS, SETUP),
    get("/api/v1/fraud/lists", STAFF, RULE_READERS),
    get("/api/v1/fraud/lists/{name}", STAFF, DECISION_READERS),
    long_post("/api/v1/fraud/lists/{name}", RULE_WRITERS, TRANSACTIONS),
    ask("/api/v1/fraud/proof", DECISION_READERS, "it replays the log and compares"),
    get("/api/v1/fraud/alerts", STAFF, DECISION_READERS),
    get("/api/v1/fraud/alerts/export", STAFF, DECISION_READERS),
    get("/api/v1/fraud/alerts/{sequence}", STAFF, DECISION_READERS),
    post("/api/v1/fraud/alerts/{sequence}/assign", REVIEWERS),
    post("/api/v1/fraud/alerts/{sequence}/close", REVIEWERS),
    get("/api/v1/fraud/cases", STAFF, DECISION_READERS),
    post("/api/v1/fraud/cases", REVIEWERS),
    get("/api/v1/fraud/cases/{id}", STAFF, DECISION_READERS),
    post("/api/v1/fraud/cases/{id}/notes", REVIEWERS),
    post("/api/v1/fraud/cases/{id}/close", REVIEWERS),
    post("/api/v1/fraud/cases/{id}/reopen", REVIEWERS),
    get("/api/v1/fraud/measures", STAFF, DECISION_READERS),
    get("/api/v1/fraud/measures/export", STAFF, DECISION_READERS),
    get("/api/v1/fraud/measures/{sequence}", STAFF, DECISION_READERS),
    post("/api/v1/fraud/measures/{sequence}/notify", REVIEWERS),
    post("/api/v1/fraud/measures/{sequence}/identity-check", REVIEWERS),
    post("/api/v1/fraud/measures/{sequence}/release", REVIEWERS),
    post("/api/v1/fraud/measures/{sequence}/refuse", REVIEWERS),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_route_stands_once_and_an_inspector_changes_nothing() {
        for (place, rule) in TABLE.iter().enumerate() {
            let again = |other: &Rule| other.method == rule.method && other.path == rule.path;
            assert!(!TABLE[..place].iter().any(again), "{} {}", rule.method, rule.path);
            let own = ["/api/v1/sessions", "/api/v1/staff/me/passphrase"];
            let is_own = |path: &str| {
                path.starts_with("/api/v1/sessions/") || path.starts_with("/api/v1/passkeys")
            };
            if rule.has_effect() && !own.contains(&rule.path) && !is_own(rule.path) {
                assert!(!rule.lets_in(Door::Staff, INSPECTOR), "{}", rule.path);
                assert!(!rule.lets_in(Door::Staff, AUDITOR), "{}", rule.path);
            }
        }
        assert!(rule("PUT", "/api/v1/staff").is_none());
    }
}
