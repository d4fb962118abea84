/** Hands the answer of the issuer to the page that began signing in; it alone knows the secret that makes it worth anything. */
const answer = new URLSearchParams(location.search);
history.replaceState(null, '', location.pathname);
new BroadcastChannel('convenant-sign-in').postMessage({
  state: answer.get('state'),
  code: answer.get('code'),
  iss: answer.get('iss'),
  error: answer.get('error'),
});
setTimeout(() => window.close(), 100);
