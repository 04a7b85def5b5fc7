//! The language of rules, case by case: what CEL's definition says of the part that we have, where
//! we differ (docs/rules.md), and what a person reads who mistyped something.

use doldam_fraud::list::Lists;
use doldam_fraud::schema::SHIPPED;
use doldam_fraud::{Event, Expression, Fault, Frame, Schema, Scope, Slot, Span, Type, Value};
use doldam_ground::Instant;
use proptest::prelude::*;

/// Fields of the shipped schema, three features, one list.
struct House {
    schema: Schema,
    features: [(&'static str, Type); 4],
}

impl Scope for House {
    fn look_up(&self, name: &str) -> Option<(Slot, Type)> {
        let fixed = match name {
            "kind" => Some((Slot::Kind, Type::Text)),
            "time" => Some((Slot::Time, Type::Time)),
            "score" => Some((Slot::Score, Type::Real)),
            _ => None,
        };
        let field = || {
            let place = self.schema.place(name)?;
            Some((Slot::Field(place), self.schema.fields()[place].holds.value_type()))
        };
        let feature = || {
            let place = self.features.iter().position(|(known, _)| *known == name)?;
            Some((Slot::Feature(place), self.features[place].1))
        };
        fixed.or_else(field).or_else(feature)
    }

    fn list(&self, name: &str) -> Option<usize> {
        (name == "leaked").then_some(0)
    }

    fn list_names(&self) -> Vec<&str> {
        vec!["leaked"]
    }

    fn names(&self) -> Vec<&str> {
        let fields = self.schema.fields().iter().map(|field| field.name.as_str());
        fields.chain(self.features.iter().map(|(name, _)| *name)).chain(["kind", "time"]).collect()
    }
}

fn house() -> House {
    let features = [
        ("payments", Type::Int),
        ("mean", Type::Real),
        ("since", Type::Span),
        ("absent", Type::Int),
    ];
    House { schema: Schema::parse(SHIPPED).unwrap(), features }
}

const EVENT: &str = r#"{"id":"t-1","kind":"payment","time":"2026-11-23T09:12:30.5+09:00",
    "account":"an-account","amount":1000,"currency":"KRW","channel":"open_banking","in_call":true,
    "latitude":37.5665,"longitude":126.978,"payee":"받는이"}"#;

/// The value of an expression for the one event of these tests.
fn value(text: &str) -> Result<Value, Fault> {
    let house = house();
    let expression =
        Expression::infer(text, &house).unwrap_or_else(|fault| panic!("{text}: {fault}"));
    let event = Event::from_json(&house.schema, EVENT.as_bytes()).ok().unwrap();
    let features = [
        Value::Int(7),
        Value::Real(250.5),
        Value::Span(Span::from_micros(5_400_000_000)),
        Value::Missing,
    ];
    let lists = Lists::new(1);
    let frame = Frame { event: &event, features: &features, score: Some(0.25), lists: &lists };
    expression.evaluate(&frame)
}

fn shown(text: &str) -> String {
    match value(text) {
        Ok(Value::Bool(value)) => value.to_string(),
        Ok(Value::Int(value)) => value.to_string(),
        Ok(Value::Real(value)) => format!("{value:?}"),
        Ok(Value::Text(value)) => format!("{value:?}"),
        Ok(Value::Time(value)) => value.to_rfc3339_ms(),
        Ok(Value::Span(value)) => value.to_string(),
        Ok(Value::Missing) => "no value".to_owned(),
        Err(fault) => fault.code().to_owned(),
    }
}

fn all(cases: &[(&str, &str)]) {
    for (text, wanted) in cases {
        assert_eq!(shown(text), *wanted, "{text}");
    }
}

#[test]
fn arithmetic() {
    all(&[
        ("1 + 2 * 3", "7"),
        ("(1 + 2) * 3", "9"),
        ("7 / 2", "3"),
        ("-7 / 2", "-3"),
        ("-7 % 3", "-1"),
        ("7 % -3", "1"),
        ("7.0 / 2.0", "3.5"),
        ("-amount", "-1000"),
        ("--amount", "1000"),
        ("amount - 1 - 1", "998"),
        ("0xff + amount", "1255"),
        ("9223372036854775807 - amount + amount", "9223372036854775807"),
        ("9223372036854775807 - 1000 + amount + 1", "overflow"),
        ("amount / (amount - 1000)", "division-by-zero"),
        ("amount % (amount - 1000)", "division-by-zero"),
        ("mean / (mean - 250.5)", "division-by-zero"),
        ("mean * 1e308", "overflow"),
        ("abs(-3)", "3"),
        ("abs(amount - 2000)", "1000"),
        ("abs(-2.5)", "2.5"),
        ("min(3, amount, 2)", "2"),
        ("max(mean, 1.0)", "250.5"),
        ("int(2.9)", "2"),
        ("int(-2.9)", "-2"),
        ("int(mean)", "250"),
        ("int(mean * 1e300)", "overflow"),
        ("double(amount) / 3.0", "333.3333333333333"),
        ("score", "0.25"),
    ]);
}

#[test]
fn comparison() {
    all(&[
        ("1 < 2", "true"),
        ("amount < 1000.5", "true"),
        ("1000.5 <= amount", "false"),
        ("double(amount) == 1000.0", "true"),
        ("\"a\" < \"b\"", "true"),
        ("\"가\" > \"z\"", "true"),
        ("false < true", "true"),
        ("in_call == true", "true"),
        ("in_call != false", "true"),
        ("kind == \"payment\"", "true"),
        ("\"payment\" != kind", "false"),
        ("kind in [\"credit\", \"payment\"]", "true"),
        ("kind in [\"credit\"]", "false"),
        ("kind.startsWith(\"pay\")", "true"),
        ("amount in [1, 1000]", "true"),
        ("mean in [1.0]", "false"),
        ("amount in []", "false"),
        ("channel in [\"app\", \"open_banking\"]", "true"),
        ("since in [duration(\"90m\")]", "true"),
        ("!(amount in [1, 1000])", "false"),
        ("account in lists.leaked", "false"),
    ]);
}

#[test]
fn faults_are_absorbed_where_the_other_side_decides() {
    all(&[
        ("absent > 1", "missing"),
        ("absent > 1 && false", "false"),
        ("false && absent > 1", "false"),
        ("absent > 1 && true", "missing"),
        ("absent > 1 || true", "true"),
        ("true || absent > 1", "true"),
        ("absent > 1 || false", "missing"),
        ("absent > 1 && amount / (amount - 1000) > 1", "missing"),
        ("amount / (amount - 1000) > 1 && absent > 1", "division-by-zero"),
        ("absent > 1 && amount / (amount - 1000) > 1 && false", "false"),
        ("!(absent > 1)", "missing"),
        ("absent > 1 ? 1 : 2", "missing"),
        ("in_call ? 1 : absent", "1"),
        ("in_call ? absent : 1", "missing"),
        ("amount in [absent, 1000]", "missing"),
        ("has(absent)", "false"),
        ("has(absent) && absent > 1", "false"),
        ("has(amount) && has(kind) && has(score)", "true"),
        ("has(device) ? device : \"none\"", "\"none\""),
        ("device == \"d\"", "missing"),
        ("device in lists.leaked", "missing"),
        ("max(1, absent)", "missing"),
    ]);
}

#[test]
fn text() {
    all(&[
        ("size(payee)", "3"),
        ("payee.size() == 3", "true"),
        ("payee.contains(\"는\")", "true"),
        ("channel.startsWith(\"open\")", "true"),
        ("channel.endsWith('banking')", "true"),
        ("channel.endsWith(\"\")", "true"),
        ("r\"\\n\".size()", "2"),
        ("(in_call ? channel : payee)", "\"open_banking\""),
    ]);
}

#[test]
fn time() {
    all(&[
        ("time", "2026-11-23T00:12:30.500Z"),
        ("time - duration(\"12m\")", "2026-11-23T00:00:30.500Z"),
        ("duration(\"1h\") + time", "2026-11-23T01:12:30.500Z"),
        ("time - timestamp(\"2026-11-23T09:00:00+09:00\")", "750500ms"),
        ("time - time < duration(\"30m\")", "true"),
        ("since + duration(\"30m\")", "2h"),
        ("since - duration(\"2h\") == duration(\"-30m\")", "true"),
        ("abs(since - duration(\"2h\"))", "30m"),
        ("since > duration(\"1h\")", "true"),
        ("max(since, duration(\"1d\"))", "1d"),
        ("since.getHours()", "1"),
        ("since.getMinutes()", "90"),
        ("since.getSeconds()", "5400"),
        ("time.getHours()", "0"),
        ("time.getHours(\"Asia/Seoul\")", "9"),
        ("time.getHours('-05:00')", "19"),
        ("time.getMinutes()", "12"),
        ("time.getSeconds()", "30"),
        ("time.getMilliseconds()", "500"),
        ("time.getDayOfWeek()", "1"),
        ("time.getDayOfWeek(\"America/New_York\")", "0"),
        ("time.getFullYear()", "2026"),
        ("time.getMonth()", "10"),
        ("time.getDate()", "23"),
        ("time.getDayOfMonth()", "22"),
        ("time.getDayOfYear()", "326"),
        ("int(time)", "1795392750"),
        ("int(timestamp(\"1969-12-31T23:59:59.5Z\"))", "-1"),
        ("time > timestamp(\"2026-01-01T00:00:00Z\")", "true"),
    ]);
}

#[test]
fn distance() {
    all(&[
        ("distance_km(latitude, longitude, 35.1796, 129.0756) > 320.0", "true"),
        ("distance_km(latitude, longitude, 35.1796, 129.0756) < 330.0", "true"),
        ("distance_km(latitude, longitude, latitude, longitude)", "0.0"),
    ]);
}

/// What is mistyped, and what is said: line, column, fault and hint.
const MISTYPED: &[(&str, &str)] = &[
    ("acount == \"a\"", "1:1 acount is neither a field nor a feature (did you mean account?)"),
    ("nothing_like_it > 1", "1:1 nothing_like_it is neither a field nor a feature"),
    (
        "amount",
        "1:1 the value is of the type int, and bool is wanted (compare it with something, as in amount > 1000)",
    ),
    (
        "amount && in_call",
        "1:1 this is an int, and a bool is wanted (compare it with something, as in amount > 1000)",
    ),
    ("amount > \"1000\"", "1:1 > does not go with an int and a string"),
    (
        "amount == 1.0",
        "1:1 == does not go with an int and a double (write double(…) around the int, or 2.0 for 2)",
    ),
    (
        "amount * 1.5 > 1",
        "1:1 * does not go with an int and a double (write double(…) around the int, or 2.0 for 2)",
    ),
    (
        "mean % 2.0 > 1.0",
        "1:1 % does not go with a double and a double (% is for whole numbers: write int(…) around the double)",
    ),
    (
        "payee + account == \"x\"",
        "1:1 + does not go with a string and a string (strings cannot be joined)",
    ),
    (
        "time - 30 < time",
        "1:1 - does not go with a timestamp and an int (write a length of time as duration(\"30m\"))",
    ),
    (
        "since > 30",
        "1:1 > does not go with a duration and an int (write a length of time as duration(\"30m\"))",
    ),
    (
        "time > \"2026-01-01\"",
        "1:1 > does not go with a timestamp and a string (write a time as timestamp(\"2026-11-23T09:00:00+09:00\"))",
    ),
    ("1 < amount < 3", "1:1 < does not go with a bool and an int (write a < b && b < c)"),
    ("kind == \"paymint\"", "1:9 there is no such kind of event (did you mean payment?)"),
    (
        "kind in [\"credit\", \"log-in\"]",
        "1:20 there is no such kind of event (did you mean log_in?)",
    ),
    ("account in lists.leeked", "1:18 there is no list leeked (did you mean leaked?)"),
    ("lists.leaked", "1:1 a list stands only to the right of in (write account in lists.name)"),
    ("amount in lists.leaked", "1:1 this is an int, and a string is wanted"),
    ("amount in [1, 2.0]", "1:15 this is a double, and an int is wanted"),
    ("amount in payments", "1:11 after in comes a list (write x in [1, 2] or x in lists.name)"),
    ("event.amount > 1", "1:7 values have no parts (write amount alone)"),
    (
        "channel.starts_with(\"a\")",
        "1:9 there is no function starts_with (did you mean startsWith?)",
    ),
    (
        "startsWith(channel)",
        "1:1 there is no function startsWith (it stands behind a value: x.startsWith(…))",
    ),
    ("amount.abs() > 1", "1:8 there is no function abs (it stands before its arguments: abs(…))"),
    (
        "[1].exists(x, x > 1)",
        "1:5 there is no function exists (there are no loops: declare a feature that counts)",
    ),
    (
        "channel.matches(\"a+\")",
        "1:9 regular expressions are not a part of this language (write startsWith, endsWith or contains)",
    ),
    ("max(1) > 1", "1:1 max is not called with so many arguments (write max(a, b))"),
    (
        "max(1, 2.0) > 1",
        "1:8 this is a double, and an int is wanted (write double(…) around the int, or 2.0 for 2)",
    ),
    ("has(amount + 1)", "1:5 has asks for a name (write has(amount))"),
    ("amount / 0 > 1", "1:1 this is always at fault: a division by zero"),
    ("1 + 9223372036854775807 > 1", "1:1 this is always at fault: a number does not fit"),
    (
        "since > duration(\"30 minutes\")",
        "1:18 this is not a length of time (write 90s, 30m, 24h, 7d or 1h30m)",
    ),
    (
        "since > duration(channel)",
        "1:18 here a text in quotes should stand (write duration(\"30m\"))",
    ),
    (
        "time > timestamp(\"2026-11-23\")",
        "1:18 this is not a time with its zone (RFC 3339) (write 2026-11-23T09:00:00+09:00)",
    ),
    (
        "time.getHours(\"Asia/Soul\") > 1",
        "1:15 there is no such time zone (write an IANA name such as Asia/Seoul, UTC, or +09:00)",
    ),
    ("since.getHours(\"UTC\") > 1", "1:1 a length of time has no zone"),
    ("since.getFullYear() > 1", "1:1 this is a duration, and a timestamp is wanted"),
    (
        "in_call ? 1 : 2.0",
        "1:11 one value is an int, the other a double (both sides of : have one type)",
    ),
    (
        "in_call in [true]",
        "1:1 this is a bool, and an int or a double or a string is wanted (compare it with true or false)",
    ),
    (
        "distance_km(latitude, longitude, 1, 2.0) > 1.0",
        "1:34 this is an int, and a double is wanted (write double(…) around it)",
    ),
    (
        "amount > 1 &&\n  (mean > 1.0 || chanel == \"app\")",
        "2:18 chanel is neither a field nor a feature (did you mean channel?)",
    ),
];

#[test]
fn a_fault_says_where_and_what_to_write() {
    let house = house();
    for (text, wanted) in MISTYPED {
        let fault = Expression::compile(text, &house, Type::Bool).unwrap_err();
        let hangul = |text: &str| text.contains(|letter: char| ('가'..='힣').contains(&letter));
        let hint_ko = fault.hint.as_ref().is_none_or(|hint| hangul(&hint.ko));
        assert!(hangul(&fault.what.ko) && hint_ko, "{text} in Korean");
        let hint = fault.hint.map(|hint| format!(" ({})", hint.en)).unwrap_or_default();
        let shown = format!("{}:{} {}{hint}", fault.line, fault.column, fault.what.en);
        assert_eq!(shown, *wanted, "{text}");
    }
}

#[test]
fn a_fault_never_repeats_a_literal() {
    let house = house();
    for text in ["account == \"secret\" && amount", "kind == \"secret\"", "\"secret\" + 1 > 2"] {
        let fault = Expression::compile(text, &house, Type::Bool).unwrap_err();
        assert!(!fault.to_string().contains("secret"), "{fault}");
    }
    let rule = Expression::compile("account == \"secret\"", &house, Type::Bool).unwrap();
    assert!(!format!("{rule:?}").contains("secret"));
}

#[test]
fn length_and_cost_are_bounded() {
    let house = house();
    let compile = |text: &str| Expression::compile(text, &house, Type::Bool);
    let long = format!("amount > {}1", " ".repeat(doldam_fraud::rule::TEXT_MAX));
    assert!(compile(&long).unwrap_err().what.en.contains("at most 4096 bytes"));
    let dear = vec!["payee.contains(\"a\")"; 100].join(" || ");
    assert!(compile(&dear).unwrap_err().what.en.contains("2000 are allowed"));
    let cheap = compile("amount > 1").unwrap();
    let dearer = compile("amount > 1 && time.getHours(\"Asia/Seoul\") < 6").unwrap();
    assert!(cheap.cost() < dearer.cost());
}

#[test]
fn what_is_read_is_known() {
    let house = house();
    let text = "amount > 1 && (amount > 2 || payments > 3) && account in lists.leaked && has(mean)";
    let expression = Expression::compile(text, &house, Type::Bool).unwrap();
    let amount = Slot::Field(house.schema.place("amount").unwrap());
    let account = Slot::Field(house.schema.place("account").unwrap());
    assert_eq!(expression.slots(), [amount, Slot::Feature(0), account, Slot::Feature(1)]);
    assert_eq!(expression.lists(), [0]);
    assert_eq!(expression.text(), text);
}

#[test]
fn a_frame_of_another_scope_is_a_fault_and_no_panic() {
    let house = house();
    let event = Event::from_json(&house.schema, EVENT.as_bytes()).ok().unwrap();
    let lists = Lists::new(0);
    let features = [Value::Bool(true), Value::Int(1)];
    let frame = Frame { event: &event, features: &features, score: Some(f64::NAN), lists: &lists };
    let run = |text: &str| Expression::infer(text, &house).unwrap().evaluate(&frame).err();
    assert_eq!(run("payments > 1"), Some(Fault::WrongType));
    assert_eq!(run("mean > 1.0"), Some(Fault::WrongType));
    assert_eq!(run("since > duration(\"1h\")"), Some(Fault::Missing));
    assert_eq!(run("score > 0.5"), Some(Fault::Missing));
    assert_eq!(run("account in lists.leaked"), None);
    let number = Expression::infer("amount", &house).unwrap();
    assert_eq!(number.is_true(&frame), Err(Fault::WrongType));
    assert_eq!(number.string(&frame), Err(Fault::WrongType));
    assert_eq!(number.integer(&frame), Ok(1000));
    assert_eq!(number.number(&frame).map(f64::to_bits), Ok(1000.0_f64.to_bits()));
    let time = Expression::infer("time", &house).unwrap();
    let wanted = Instant::parse("2026-11-23T00:12:30.5Z", "UTC").unwrap();
    assert_eq!(time.integer(&frame), Ok(wanted.micros()));
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,60}") {
        let _ = Expression::infer(&text, &house());
    }

    #[test]
    fn no_words_make_it_panic(words in proptest::collection::vec(prop::sample::select(vec![
        "amount", "mean", "kind", "time", "since", "lists.leaked", "\"payment\"", "'a'", "1", "2.5",
        "-", "+", "*", "/", "%", "(", ")", "[", "]", ",", ".", "?", ":", "!", "&&", "||", "==", "<",
        "in", "has(", "size(", "max(", "duration(\"1h\")", ".getHours()", ".startsWith(", "true",
        "-9223372036854775808", "9223372036854775807", "null", "\\", "\"", "\n", "가",
    ]), 0..30)) {
        let text = words.join(" ");
        if let Err(fault) = Expression::infer(&text, &house()) {
            prop_assert!(fault.range.start <= fault.range.end && fault.range.end <= text.len());
            prop_assert!(text.is_char_boundary(fault.range.start));
            prop_assert!(text.is_char_boundary(fault.range.end));
        }
    }
}
