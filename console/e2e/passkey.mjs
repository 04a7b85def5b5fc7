// A passkey from Chromium's own virtual authenticator: made, used to sign in, and revoked. Passkeys are bound to the
// address that the server knows, http://localhost with its own port, so the pages are shown under that one.
import { look, signIn } from './browser.mjs';

/** `origin` serves the built console; `house` is the running doldam. */
export async function passkey({ browser, origin, house, check, see, name, secret }) {
  const site = house.upstream.replace('127.0.0.1', 'localhost');
  const window = await look(browser, { origin: site, language: 'en' });
  const { page, context } = window;
  await context.route(
    (url) => url.origin === site && !/^\/(api\/|readyz$|healthz$)/.test(url.pathname),
    async (route) => {
      const { pathname, search } = new URL(route.request().url());
      await route.fulfill({ response: await route.fetch({ url: origin + pathname + search }) });
    }
  );
  const debug = await context.newCDPSession(page);
  await debug.send('WebAuthn.enable');
  const { authenticatorId } = await debug.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true }
  });
  await signIn(page, site, name, secret);
  await page.goto(`${site}/settings`);
  await page.getByLabel('Name', { exact: true }).fill('blue key');
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await page.getByText('The passkey is kept.').waitFor();
  const { credentials } = await debug.send('WebAuthn.getCredentials', { authenticatorId });
  check(credentials.length === 1 && credentials[0].isResidentCredential, 'the authenticator keeps one passkey');
  await see(window, 'settings-passkey');

  await context.clearCookies();
  await page.goto(`${site}/sign-in`);
  const use = page.getByRole('button', { name: 'Sign in by a passkey' });
  await use.waitFor();
  await see(window, 'sign-in-passkey');
  await use.click();
  await page.waitForURL((url) => url.pathname === '/');
  check(true, 'the passkey alone opens the console');

  await page.goto(`${site}/settings`);
  await page.getByText('blue key').click();
  await page.getByRole('button', { name: 'Revoke blue key' }).click();
  await page.getByText('revoked').waitFor();
  await context.clearCookies();
  await page.goto(`${site}/sign-in`);
  await use.click();
  await page.getByRole('alert').waitFor();
  check(new URL(page.url()).pathname === '/sign-in', 'a revoked passkey opens nothing');

  await fromProvider({ page, site, check });
  await see(window, 'sign-in-back');
  await page.goto(`${site}/sign-in`);

  // A person who says no, and one whose device has none.
  await debug.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
  await use.click();
  await page.getByRole('alert').waitFor();
  window.troubles.splice(0);
  await context.close();
}

/** The way to a provider and back, as the console goes it; the provider itself is tried in the server's own tests. */
async function fromProvider({ page, site, check }) {
  const answer = (body) => (route) => route.fulfill({ status: 200, contentType: 'application/json', body: JSON.stringify(body) });
  const back = `${site}/sign-in/back?code=once&state=mark&iss=${encodeURIComponent('https://login.example')}`;
  await page.route('**/api/v1/sessions/ways', answer({ schema: 1, passkey: false, sso: true }));
  await page.route('**/api/v1/sessions/sso/door', answer({ schema: 1, address: back }));
  await page.goto(`${site}/sign-in?next=/log`);
  const brought = page.waitForRequest((one) => one.method() === 'POST' && one.url().endsWith('/api/v1/sessions/sso'));
  await page.getByRole('button', { name: "Sign in by the company's account" }).click();
  const body = (await brought).postDataJSON();
  check(body.code === 'once' && body.state === 'mark' && body.iss === 'https://login.example', 'what the provider gave is handed on');
  await page.getByRole('link', { name: 'Sign in' }).waitFor();
  await page.unroute('**/api/v1/sessions/ways');
  await page.unroute('**/api/v1/sessions/sso/door');
}
