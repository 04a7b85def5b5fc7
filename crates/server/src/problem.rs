//! Refusals: RFC 9457 problems with two messages, one for outside and one for the log.
//!
//! What is said outside never tells an attacker more than the status does, and neither message ever
//! holds a value that somebody sent.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use doldam_drill::DrillError;
use doldam_notify::NotifyError;
use doldam_processors::ProcessorsError;
use doldam_response::ResponseError;
use doldam_store::StoreError;
use doldam_trace::TraceError;
use doldam_vault::VaultError;
use serde::Serialize;
use utoipa::ToSchema;

use crate::sign_in::error::SignInError;

/// A refusal.
#[derive(Debug)]
pub(crate) struct Problem {
    status: StatusCode,
    code: &'static str,
    outside: String,
    /// For the log, where it differs.
    inside: Option<String>,
    retry_after_s: Option<i64>,
    field: Option<String>,
}

/// What is sent: `application/problem+json`.
#[derive(Serialize, ToSchema)]
pub(crate) struct ProblemBody {
    /// Always about:blank: the code says more.
    #[serde(rename = "type")]
    kind: &'static str,
    /// The status in words.
    title: &'static str,
    /// The HTTP status.
    status: u16,
    /// A stable word for programs.
    code: &'static str,
    /// What is wrong and what to do.
    detail: String,
    /// The field that is at fault, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
}

/// What the log says of a refusal; travels beside the answer.
#[derive(Clone)]
pub(crate) struct ForLog(pub(crate) String);

impl Problem {
    pub(crate) fn new(status: StatusCode, code: &'static str, outside: impl Into<String>) -> Self {
        Self {
            status,
            code,
            outside: outside.into(),
            inside: None,
            retry_after_s: None,
            field: None,
        }
    }

    pub(crate) fn bad_request(code: &'static str, outside: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, outside)
    }

    pub(crate) fn unauthorised() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "server.unauthorised",
            "sign in, or show a key that works",
        )
    }

    pub(crate) fn forbidden() -> Self {
        Self::new(StatusCode::FORBIDDEN, "server.forbidden", "this is not yours to do")
    }

    pub(crate) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "server.not_found", "there is no such thing here")
    }

    pub(crate) fn internal(inside: impl Into<String>) -> Self {
        let outside = "the server failed; its log says why";
        let problem = Self::new(StatusCode::INTERNAL_SERVER_ERROR, "server.failed", outside);
        Self { inside: Some(inside.into()), ..problem }
    }

    pub(crate) fn busy() -> Self {
        let outside = "the server is busy; nothing was done, try again in a moment";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "server.busy", outside).retry_after(1)
    }

    /// What the log says of it.
    pub(crate) fn for_log(&self) -> String {
        format!("{}: {}", self.code, self.inside.as_ref().unwrap_or(&self.outside))
    }

    /// What is asked for cannot be done beside what runs; nothing was done.
    pub(crate) fn busy_with(outside: &str, seconds: i64) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "server.busy", outside).retry_after(seconds)
    }

    /// Names the field that is at fault.
    pub(crate) fn of_field(self, field: Option<String>) -> Self {
        Self { field, ..self }
    }

    pub(crate) fn retry_after(self, seconds: i64) -> Self {
        Self { retry_after_s: Some(seconds.max(1)), ..self }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let for_log = ForLog(self.for_log());
        let body = ProblemBody {
            kind: "about:blank",
            title: self.status.canonical_reason().unwrap_or("Refused"),
            status: self.status.as_u16(),
            code: self.code,
            detail: self.outside.clone(),
            field: self.field.clone(),
        };
        let mut response = (self.status, axum::Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = self.retry_after_s {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(for_log);
        response
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        let (status, code) = match &error {
            StoreError::Busy | StoreError::Locked => return Self::busy(),
            StoreError::NotFound { .. } => (StatusCode::NOT_FOUND, error.code()),
            StoreError::State { .. }
            | StoreError::Conflict { .. }
            | StoreError::Constraint { .. }
            | StoreError::AlreadyThere => (StatusCode::CONFLICT, error.code()),
            _ => return Self::internal(error.to_string()),
        };
        Self::new(status, code, error.to_string())
    }
}

impl From<SignInError> for Problem {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::Store(error) => error.into(),
            SignInError::Vault(error) => error.into(),
            SignInError::Setting(_) => Self::internal(error.to_string()),
            SignInError::Busy | SignInError::ProviderAway => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, error.code(), error.to_string())
                    .retry_after(5)
            }
            other => {
                let status = StatusCode::from_u16(other.status());
                let status = status.unwrap_or(StatusCode::UNAUTHORIZED);
                Self::new(status, other.code(), other.to_string())
            }
        }
    }
}

impl From<VaultError> for Problem {
    fn from(error: VaultError) -> Self {
        let code = error.code();
        let status = match &error {
            VaultError::Store(_) => {
                let VaultError::Store(error) = error else { return Self::internal(code) };
                return error.into();
            }
            VaultError::NoDisclosure(_) | VaultError::NoSubject => StatusCode::NOT_FOUND,
            VaultError::DomainClosed { .. }
            | VaultError::Held { .. }
            | VaultError::ApprovalNeeded { .. }
            | VaultError::ApprovalPending { .. }
            | VaultError::BreakGlass { .. }
            | VaultError::BreakGlassEarly { .. }
            | VaultError::ApprovalRefused { .. } => StatusCode::CONFLICT,
            VaultError::PassphraseTooShort { .. }
            | VaultError::Kind { .. }
            | VaultError::NobodySelected { .. }
            | VaultError::Limit { .. }
            | VaultError::Invalid(_) => StatusCode::BAD_REQUEST,
            VaultError::StaffRefused => return Self::unauthorised(),
            _ => return Self::internal(error.to_string()),
        };
        Self::new(status, code, error.to_string())
    }
}

impl From<ProcessorsError> for Problem {
    fn from(error: ProcessorsError) -> Self {
        let code = error.code();
        let status = match &error {
            ProcessorsError::NoProcessor(_)
            | ProcessorsError::NoKey(_)
            | ProcessorsError::NoDelivery(_)
            | ProcessorsError::NoMessage(_) => StatusCode::NOT_FOUND,
            ProcessorsError::NotKept(_) | ProcessorsError::Cut(_) | ProcessorsError::NotCut(_) => {
                StatusCode::CONFLICT
            }
            ProcessorsError::NotAvailable { .. } => StatusCode::GONE,
            ProcessorsError::Invalid(_)
            | ProcessorsError::NoTemplate
            | ProcessorsError::Unfit(_)
            | ProcessorsError::Notify(NotifyError::Template { .. }) => StatusCode::BAD_REQUEST,
            ProcessorsError::TooMany => {
                return Self::new(StatusCode::TOO_MANY_REQUESTS, code, error.to_string())
                    .retry_after(3_600);
            }
            ProcessorsError::Vault(_) => {
                let ProcessorsError::Vault(error) = error else { return Self::internal(code) };
                return error.into();
            }
            _ => return Self::internal(error.to_string()),
        };
        Self::new(status, code, error.to_string())
    }
}

impl From<ResponseError> for Problem {
    fn from(error: ResponseError) -> Self {
        let code = error.code();
        let status = match &error {
            ResponseError::FactUnknown
            | ResponseError::FactValue { .. }
            | ResponseError::EvidenceReference => StatusCode::BAD_REQUEST,
            ResponseError::Clock(_)
            | ResponseError::Refused(_)
            | ResponseError::DutiesOpen { .. }
            | ResponseError::NoticeFaults(_) => StatusCode::CONFLICT,
            ResponseError::Below { code, .. } => match *code {
                "store.busy" | "store.locked" => return Self::busy(),
                "store.not-found" | "processors.no_processor" => StatusCode::NOT_FOUND,
                "store.state"
                | "store.conflict"
                | "store.constraint"
                | "store.already-there"
                | "processors.cut"
                | "vault.break_glass"
                | "vault.break_glass_early" => StatusCode::CONFLICT,
                _ => return Self::internal(error.to_string()),
            },
            _ => return Self::internal(error.to_string()),
        };
        Self::new(status, code, error.to_string())
    }
}

impl From<DrillError> for Problem {
    fn from(error: DrillError) -> Self {
        match error {
            DrillError::Subjects => Self::bad_request("drill.subjects", error.to_string()),
            _ => Self::internal(format!("{}: {error}", error.code())),
        }
    }
}

impl From<TraceError> for Problem {
    fn from(error: TraceError) -> Self {
        match error {
            TraceError::Vault(error) => error.into(),
            TraceError::House { .. } | TraceError::Miscounted { .. } => {
                Self::internal(error.to_string())
            }
            other => Self::bad_request("server.untraceable", other.to_string()),
        }
    }
}
