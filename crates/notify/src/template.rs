//! Texts with holes, every one of which must be filled.
//!
//! A notice that says "dear , on  your was leaked" cannot be taken back, so a variable without a
//! value is an error, never an empty place. The digest of a text goes with the approval: what two
//! people approved is what is sent.

pub mod lint;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use doldam_ground::locale::Language;
use doldam_ground::{Pii, limits};
use minijinja::value::{Enumerator, Object};
use minijinja::{AutoEscape, Environment, ErrorKind, UndefinedBehavior, Value};
use zeroize::Zeroize;

use crate::NotifyError;

const NAME: &str = "notice";

/// One text in one language.
pub struct Template {
    /// The language that it is written in.
    pub language: Language,
    source: String,
    environment: Environment<'static>,
}

impl fmt::Debug for Template {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Template({}, {} bytes)", self.language, self.source.len())
    }
}

/// The values of one person's text. They are personal data, so they are not shown.
#[derive(Default)]
pub struct Variables(BTreeMap<String, String>);

impl Variables {
    /// Sets one variable.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.0.insert(name.to_owned(), value.into());
    }

    /// The names that are set.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

impl fmt::Debug for Variables {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} variables", self.0.len())
    }
}

impl Drop for Variables {
    fn drop(&mut self) {
        self.0.values_mut().for_each(Zeroize::zeroize);
    }
}

impl Object for Variables {
    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        self.0.get(key).map(|value| Value::from(value.as_str()))
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::NonEnumerable
    }
}

impl Template {
    /// Reads a text: `{{ name }}` is a variable, `{% if name == "x" %} … {% endif %}` a choice,
    /// `{# … #}` a remark. There are no filters and no functions: a text computes nothing.
    pub fn parse(source: &str, language: Language) -> Result<Self, NotifyError> {
        if source.len() > limits::TEMPLATE_BYTES_MAX {
            return Err(NotifyError::Template {
                line: 0,
                why: "it is longer than a notice may be",
            });
        }
        let mut environment = Environment::empty();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_auto_escape_callback(|_| AutoEscape::None);
        environment.add_template_owned(NAME, source.to_owned()).map_err(|error| fault(&error))?;
        Ok(Self { language, source: source.to_owned(), environment })
    }

    /// The text with its holes, as it is approved.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The names of the variables that the text uses anywhere.
    pub fn variables(&self) -> BTreeSet<String> {
        self.environment
            .get_template(NAME)
            .map(|template| template.undeclared_variables(false).into_iter().collect())
            .unwrap_or_default()
    }

    /// Fills the holes. The result is one person's text.
    ///
    /// Fails when a variable that the text needs is missing.
    pub fn render(&self, variables: Variables) -> Result<Pii<String>, NotifyError> {
        self.environment
            .get_template(NAME)
            .and_then(|template| template.render(Value::from_object(variables)))
            .map(Pii::new)
            .map_err(|error| fault(&error))
    }
}

/// What went wrong, without minijinja's own words: they may quote values.
fn fault(error: &minijinja::Error) -> NotifyError {
    let why = match error.kind() {
        ErrorKind::SyntaxError => "a bracket is not closed, or a word between brackets is unknown",
        ErrorKind::UndefinedError => "a variable has no value",
        ErrorKind::UnknownFilter | ErrorKind::UnknownFunction | ErrorKind::UnknownTest => {
            "it calls a function; a notice computes nothing"
        }
        _ => "it cannot be filled in",
    };
    NotifyError::Template { line: error.line().unwrap_or(0), why }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn variables(pairs: &[(&str, &str)]) -> Variables {
        let mut variables = Variables::default();
        for (name, value) in pairs {
            variables.set(name, *value);
        }
        variables
    }

    fn template(source: &str) -> Template {
        Template::parse(source, Language::Ko).unwrap()
    }

    #[test]
    fn holes_are_filled_and_never_left() {
        let text = template(
            "[{{ company }}] {{ items }} 유출 안내\n{% if stage == \"first\" %}1차{% endif %}",
        );
        let filled = text
            .render(variables(&[
                ("company", "돌담은행"),
                ("items", "닉네임, <CI>"),
                ("stage", "first"),
            ]))
            .unwrap();
        assert_eq!(filled.expose(), "[돌담은행] 닉네임, <CI> 유출 안내\n1차");
        assert_eq!(text.variables(), ["company", "items", "stage"].map(String::from).into());
        let hole = text.render(variables(&[("company", "돌담은행"), ("items", "CI")])).err();
        assert_eq!(hole, Some(NotifyError::Template { line: 2, why: "a variable has no value" }));
    }

    #[test]
    fn a_value_is_never_read_as_a_template() {
        let filled = template("{{ name }}").render(variables(&[("name", "{{ secret }}")])).unwrap();
        assert_eq!(filled.expose(), "{{ secret }}");
    }

    #[test]
    fn what_cannot_be_read_is_refused_by_its_line() {
        let line_of = |source: &str| match Template::parse(source, Language::En) {
            Err(NotifyError::Template { line, .. }) => Some(line),
            _ => None,
        };
        assert_eq!(line_of("a\n{{ b"), Some(2));
        assert_eq!(line_of("{% if x %}"), Some(1));
        assert_eq!(line_of(&"x".repeat(limits::TEMPLATE_BYTES_MAX + 1)), Some(0));
        let function = template("{{ range(9) }}").render(Variables::default());
        assert!(matches!(function, Err(NotifyError::Template { .. })));
    }

    proptest! {
        #[test]
        fn no_source_can_make_it_panic(source in "[{}%# a-z\"=\n가]{0,80}") {
            if let Ok(template) = Template::parse(&source, Language::Ko) {
                let _ = template.variables();
                let _ = template.render(variables(&[("a", "1")]));
            }
        }
    }
}
