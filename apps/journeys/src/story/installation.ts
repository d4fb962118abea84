/** A running installation as anybody with its address sees it: who can sign in where, and signing in there as somebody. */
import { signIn } from '@convenant/identity-local-provider';
import { Person, StoryStopped, type WhoSheIs } from './person.js';

interface DemoPerson {
  readonly account: string;
  readonly name: string;
  readonly role: string;
}
interface OrganisationFacts {
  readonly id: string;
  readonly name: string;
  readonly issuer: string;
  readonly people: readonly DemoPerson[];
}

export class Installation {
  private readonly signedIn = new Map<string, Promise<Person>>();

  private constructor(
    readonly gatewayUrl: string,
    private readonly organisations: ReadonlyMap<string, OrganisationFacts>,
    private readonly signal: AbortSignal | undefined,
    readonly patienceMs: number,
    private readonly onCarriedOut: WhoSheIs['onCarriedOut'],
  ) {}

  /**
   * Rejects with a sentence when nothing answers there. Once `signal` is aborted nobody of this installation asks anything any more.
   * With `patienceMs` its people bear with an installation that is broken on purpose.
   */
  static async at(
    gatewayUrl: string,
    { signal, patienceMs = 0, onCarriedOut }: Pick<WhoSheIs, 'signal' | 'patienceMs' | 'onCarriedOut'> = {},
  ): Promise<Installation> {
    const url = gatewayUrl.replace(/\/+$/, '');
    const response = await fetch(`${url}/settings.json`).catch(() => undefined);
    if (!response?.ok)
      throw new Error(`No Convenant with demo people answers at ${url}. Start one with npm start, or leave out --url.`);
    const { organisations } = (await response.json()) as { organisations: readonly OrganisationFacts[] };
    return new Installation(
      url,
      new Map(organisations.map((each) => [each.id, each])),
      signal,
      patienceMs,
      onCarriedOut,
    );
  }

  /** A member of staff, signed in once however often she is asked for. */
  staff(organisation: string, account: string): Promise<Person> {
    const key = `${organisation}/${account}`;
    const known = this.signedIn.get(key) ?? this.signInAs(organisation, account);
    this.signedIn.set(key, known);
    return known;
  }

  /** Through the login flow, with nothing but what a browser has. `name` is what the story calls somebody without a name of her own. */
  async signInAs(organisation: string, account: string, name?: string): Promise<Person> {
    const facts = this.organisations.get(organisation);
    if (!facts) throw new StoryStopped(`This installation has no organisation ${organisation}.`);
    const known = facts.people.find((each) => each.account === account);
    const { accessToken } = await signIn({
      issuer: facts.issuer,
      organisation,
      account,
      redirectUri: `${this.gatewayUrl}/signed-in`,
    });
    return new Person({
      name: name ?? known?.name ?? account,
      role: known?.role ?? 'client',
      organisation,
      token: accessToken,
      gatewayUrl: this.gatewayUrl,
      signal: this.signal,
      patienceMs: this.patienceMs,
      onCarriedOut: this.onCarriedOut,
    });
  }
}
