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
}

impl Rule {
    /// Whether this kind of caller may, at this door.
    pub fn lets_in(&self, door: Door, who: Who) -> bool {
        self.doors.contains(&door) && (self.may.contains(&who) || self.may.contains(&Who::Anybody))
    }

    /// Whether a repeated request must have one effect only: every POST.
    pub fn has_effect(&self) -> bool {
        self.method == "POST"
    }
}

/// What this kind of caller may at this door, as `GET /api/v1/traces`, in the table's order.
pub fn allowed(door: Door, who: Who) -> Vec<String> {
    let rules = TABLE.iter().filter(|rule| rule.lets_in(door, who));
    rules.map(|rule| format!("{} {}", rule.method, rule.path)).collect()
}

/// The nouns that this server has routes for: a part of the product that is off has none.
pub fn modules() -> BTreeSet<&'static str> {
    let nouns = TABLE.iter().filter_map(|rule| rule.path.strip_prefix("/api/v1/"));
    nouns.filter_map(|rest| rest.split('/').next()).filter(|noun| !noun.contains('.')).collect()
}

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
const UPLOAD: usize = 64 << 20;

const fn get(path: &'static str, doors: &'static [Door], may: &'static [Who]) -> Rule {
    Rule { method: "GET", path, doors, may, body_bytes_max: 0 }
}

const fn post(path: &'static str, may: &'static [Who]) -> Rule {
    Rule { method: "POST", path, doors: STAFF, may, body_bytes_max: JSON }
}

const fn upload(path: &'static str, may: &'static [Who]) -> Rule {
    Rule { method: "POST", path, doors: STAFF, may, body_bytes_max: UPLOAD }
}

const fn program_post(path: &'static str, may: &'static [Who], body_bytes_max: usize) -> Rule {
    Rule { method: "POST", path, doors: PROCESSOR, may, body_bytes_max }
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
