//! Fifty rules over what a card payment says, in the shapes of the starter pack.

/// `#` stands for a number that differs from rule to rule. As in life nearly all of them are quiet:
/// about one payment in a hundred is not simply let through.
const SHAPES: [(&str, &str); 10] = [
    ("amount >= #2000 && account_count_1d > 2", "step_up"),
    ("during_night == 1 && double(amount) > 4.0 * account_mean_30d + #000.0", "case"),
    ("account_count_30d >= 10 && double(amount) > #.5 * account_mean_30d", "step_up"),
    ("terminal_count_7d > 10 && terminal_risk_7d > 0.5# && amount > 5000", "case"),
    ("account in lists.suspected || terminal in lists.denied && amount > #00", "hold"),
    ("(account in lists.leaked || account in lists.canaries) && score > 0.#", "step_up"),
    ("score > 0.9# && !(account in lists.trusted)", "hold"),
    ("account_count_1d > 1# && account_mean_1d < account_mean_30d / 2.0", "case"),
    ("has(device) && has(in_call) && in_call && amount >= #00000", "delay"),
    ("time.getHours('Asia/Seoul') < 6 && amount > 1#000 && terminal_risk_30d > 0.2", "case"),
];

/// The rule set.
pub(crate) fn fifty() -> String {
    let mut text = "name = \"fifty\"\n".to_owned();
    for number in 0..50 {
        let (when, action) = SHAPES[number % SHAPES.len()];
        let when = when.replace('#', &(5 + number / SHAPES.len()).to_string());
        text.push_str(&format!(
            "[[rule]]\nname = \"r{number}\"\non = [\"payment\"]\nwhen = \"{when}\"\nscore = 5\n\
             action = \"{action}\"\nreason.ko = \"이유\"\nreason.en = \"why\"\n"
        ));
    }
    text
}
