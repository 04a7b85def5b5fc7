//! What must not compile: personal data printed, serialised, logged, copied by accident.

#[test]
fn personal_data_cannot_leave_by_accident() {
    trybuild::TestCases::new().compile_fail("tests/must_not_compile/*.rs");
}
