//! A browser that keeps cookies, follows redirects, and fills in the two forms of the provider.

use std::collections::HashMap;

use url::Url;

#[derive(Default)]
pub(crate) struct Browser {
    cookies: HashMap<String, String>,
}

struct Page {
    status: u16,
    location: Option<String>,
    text: String,
}

impl Browser {
    /// Goes to `door`, signs in there as `login`, and gives what stands in the address when the
    /// provider sends the person to `back`.
    pub(crate) fn sign_in(
        &mut self,
        door: &str,
        login: &str,
        back: &str,
    ) -> HashMap<String, String> {
        let agent = ureq::Agent::config_builder()
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .build()
            .new_agent();
        let (mut url, mut form) = (Url::parse(door).unwrap(), None);
        for _ in 0..20 {
            if url.as_str().starts_with(back) {
                return url.query_pairs().into_owned().collect();
            }
            let page = self.fetch(&agent, &url, form.take());
            if let Some(location) = page.location {
                url = url.join(&location).unwrap();
                continue;
            }
            assert_eq!(page.status, 200, "{url}: {}", page.text);
            let action = between(&page.text, "action=\"", "\"");
            let prompt = between(&page.text, "name=\"prompt\" value=\"", "\"");
            form = Some(format!("prompt={prompt}&login={login}&password=any"));
            url = url.join(&action).unwrap();
        }
        panic!("the provider sends people round in circles");
    }

    fn fetch(&mut self, agent: &ureq::Agent, url: &Url, form: Option<String>) -> Page {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let cookies = cookies.join("; ");
        let mut response = match form {
            None => agent.get(url.as_str()).header("cookie", &cookies).call(),
            Some(form) => agent
                .post(url.as_str())
                .header("cookie", &cookies)
                .header("content-type", "application/x-www-form-urlencoded")
                .send(form),
        }
        .unwrap();
        for cookie in response.headers().get_all("set-cookie") {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        let location = response.headers().get("location");
        Page {
            status: response.status().as_u16(),
            location: location.map(|value| value.to_str().unwrap().to_owned()),
            text: response.body_mut().read_to_string().unwrap(),
        }
    }
}

fn between(text: &str, start: &str, end: &str) -> String {
    let rest = text.split_once(start).unwrap_or_else(|| panic!("no {start} in {text}")).1;
    rest.split_once(end).unwrap().0.to_owned()
}
