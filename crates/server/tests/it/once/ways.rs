//! The further ways in over HTTP, each POST of them sent again.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use doldam_ground::{Clock as _, Pii};
use doldam_server::app::App;
use doldam_server::{Channels, Server, Settings, SsoSettings, Ways};
use serde_json::{Value, json};

use super::{SECRET, Script};
use crate::authenticator::{Authenticator, Said};
use crate::client::{Answer, Ask};
use crate::liar::{self, Liar};
use crate::world::{House, World, actor, number};

/// A server that people come to at `http://localhost:7117`, with a provider.
fn serve(world: &World, liar: &Liar) -> House {
    let sso = SsoSettings {
        issuer: liar.issuer().to_owned(),
        client: liar::CLIENT.to_owned(),
        secret: Some(Pii::new(liar::SECRET.to_owned())),
        authorities: None,
    };
    let ways = Ways::open("http://localhost:7117", Some(sso), world.clock.clone()).unwrap();
    let any = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
    let (channels, ways) = (Arc::new(Channels::default()), Arc::new(ways));
    let settings = Settings {
        staff: any,
        processors: any,
        public: any,
        trusted_proxy: None,
        channels,
        ways,
        fraud: None,
    };
    let log = Arc::new(Mutex::new(Vec::new()));
    let lines = Arc::clone(&log);
    let write = Arc::new(move |line: &str| lines.lock().unwrap().push(line.to_owned()));
    let vault = world.create(1);
    let app = App::new(Arc::clone(&vault), world.clock.clone(), settings, write).unwrap();
    let server = Server::bind(app).unwrap();
    let (staff, processors) = server.addresses().unwrap();
    let public = server.public_address().unwrap();
    let stop = server.stop_switch();
    let thread = Some(std::thread::spawn(move || server.run(false)));
    House { vault, staff, processors, public, log, stop, thread }
}

/// Cookies of a browser with this session, which began something.
fn with_ticket(token: &str, begun: &Answer) -> String {
    let cookie = begun.header("set-cookie").unwrap();
    assert!(cookie.starts_with("doldam-ticket=") && cookie.contains("; Max-Age=300"));
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"));
    format!("{token}; doldam-ticket={}", begun.token())
}

/// Plays all of them; gives which.
pub(super) fn play() -> BTreeSet<String> {
    let world = World::new();
    let clock = Arc::clone(&world.clock);
    let liar = Liar::new(move || clock.now().micros() / 1_000_000);
    let house = serve(&world, &liar);
    house.vault.staff_add("minji", "privacy-officer", &SECRET.to_owned().into(), &actor()).unwrap();
    let mut script = Script { house: &house, token: String::new(), done: BTreeSet::new() };
    let body = json!({ "name": "minji", "secret": SECRET });
    let token = script.act("/api/v1/sessions", "/api/v1/sessions", &body).token();
    script.token.clone_from(&token);
    let ways = Ask::get("/api/v1/sessions/ways").send(house.staff).expect(200).json();
    assert_eq!(ways, json!({ "schema": 1, "passkey": true, "sso": true }));
    by_passkey(&mut script, &token);
    script.token = token;
    by_sso(&mut script, &liar);
    assert!(house.look(&script.token, "/api/v1/audit/verification")["intact"].as_bool().unwrap());
    script.done
}

fn by_passkey(script: &mut Script<'_>, token: &str) {
    let house = script.house;
    let route = "/api/v1/passkeys/challenge";
    let options = script.act(route, route, &json!({})).json()["options"].clone();
    let mut key = Authenticator::new();
    let route = "/api/v1/passkeys";
    let body = json!({ "name": "blue key", "answer": key.create(&options, &Said::truth()) });
    assert_eq!(script.act(route, route, &body).json()["id"], "F-1");
    assert_eq!(script.count(route), 1);
    assert_eq!(house.look(token, "/api/v1/staff/S-1/passkeys")["items"][0]["name"], "blue key");
    let route = "/api/v1/sessions/passkey/challenge";
    let begun = script.act(route, route, &json!({}));
    let answer = key.get(&begun.json()["options"], &Said::truth());
    script.token = with_ticket(token, &begun);
    let route = "/api/v1/sessions/passkey";
    let body = json!({ "answer": answer });
    let opened = script.act(route, route, &body);
    assert_eq!(opened.json()["name"], "minji");
    Ask::get("/api/v1/sessions/current").by(&opened.token()).send(house.staff).expect(200);
    stranger(house, &body);
    // Somebody else's passkey is nobody's business.
    let other = house.session_of(house.staff_of("analyst", None));
    assert_eq!(house.look(&other, "/api/v1/passkeys")["items"], json!([]));
    let path = "/api/v1/passkeys/F-1/revoke";
    let ask = Ask::post(path, &format!("other-{}", number()), &json!({})).by(&other);
    ask.send(house.staff).expect(404);
    token.clone_into(&mut script.token);
    script.act("/api/v1/passkeys/{id}/revoke", path, &json!({}));
    Ask::get("/api/v1/sessions/current").by(&opened.token()).send(house.staff).expect(401);
}

/// A browser that shows another ticket, or none, gets neither the session nor the kept answer.
fn stranger(house: &House, body: &Value) {
    let route = "/api/v1/sessions/passkey";
    for (key, cookie) in [("a", "doldam-ticket=other"), ("b", "x=y")] {
        let ask = Ask::post(route, key, body).header("cookie", cookie);
        let refused = ask.send(house.staff).expect(401);
        assert_eq!(refused.json()["code"], "sign_in.not_begun");
        // Under the same key with another ticket it is another request.
        let ask = Ask::post(route, key, body).header("cookie", "doldam-ticket=third");
        ask.send(house.staff).expect(422);
    }
}

fn by_sso(script: &mut Script<'_>, liar: &Liar) {
    let house = script.house;
    let jisu = house.staff_of("analyst", None);
    let path = format!("/api/v1/staff/{jisu}/sso");
    let body = json!({ "subject": liar::SUBJECT });
    script.act("/api/v1/staff/{id}/sso", &path, &body);
    let route = "/api/v1/sessions/sso/door";
    let begun = script.act(route, route, &json!({}));
    let brought = liar.let_in(begun.json()["address"].as_str().unwrap());
    let officer = script.token.clone();
    script.token = with_ticket(&officer, &begun);
    let route = "/api/v1/sessions/sso";
    let opened = script.act(route, route, &json!(brought));
    assert_eq!((&opened.json()["staff"], liar.asked("/token")), (&json!(jisu.to_string()), 1));
    script.token = officer;
    let path = format!("{path}/unlink");
    script.act("/api/v1/staff/{id}/sso/unlink", &path, &json!({}));
    Ask::get("/api/v1/sessions/current").by(&opened.token()).send(house.staff).expect(401);
}
