/** As much of a browser as the code flow needs: redirects, forms and cookies, over real HTTP. */

export interface Page {
  readonly url: string;
  readonly status: number;
  readonly html: string;
  /** The address outside the provider to which the browser was sent. */
  readonly left?: URL;
}

/** Redirects are followed up to `stopAt`, which is never called. Cookies go where their path says. */
export class Browser {
  private readonly cookies = new Map<
    string,
    { readonly name: string; readonly value: string; readonly path: string }
  >();

  get(address: string, stopAt: string): Promise<Page> {
    return this.follow(address, { method: 'GET' }, stopAt);
  }

  post(address: string, form: Record<string, string>, stopAt: string): Promise<Page> {
    return this.follow(address, { method: 'POST', body: new URLSearchParams(form) }, stopAt);
  }

  private async follow(address: string, first: RequestInit, stopAt: string): Promise<Page> {
    let url = new URL(address);
    let request = first;
    for (let hops = 0; hops < 10; hops++) {
      const response = await fetch(url, {
        ...request,
        redirect: 'manual',
        headers: { accept: 'text/html', cookie: this.cookiesFor(url.pathname) },
      });
      for (const line of response.headers.getSetCookie()) this.keep(line);
      const location = response.headers.get('location');
      const html = await response.text();
      if (!location) return { url: url.href, status: response.status, html };
      url = new URL(location, url);
      if (`${url.origin}${url.pathname}` === stopAt)
        return { url: url.href, status: response.status, html: '', left: url };
      request = { method: 'GET' };
    }
    throw new Error('Sent on more than ten times.');
  }

  private keep(line: string): void {
    const [pair = '', ...attributes] = line.split(/; */);
    const at = pair.indexOf('=');
    const path = attributes.find((each) => /^path=/i.test(each))?.slice('path='.length) ?? '/';
    const name = pair.slice(0, at);
    const gone = attributes.some((each) => /^expires=Thu, 01 Jan 1970/i.test(each));
    if (gone) this.cookies.delete(`${path} ${name}`);
    else this.cookies.set(`${path} ${name}`, { name, value: pair.slice(at + 1), path });
  }

  private cookiesFor(path: string): string {
    return [...this.cookies.values()]
      .filter(
        (cookie) =>
          path === cookie.path || path.startsWith(cookie.path.endsWith('/') ? cookie.path : `${cookie.path}/`),
      )
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
  }
}
