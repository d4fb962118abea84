/** Tells a fact at the agency and waits until it stands in the partner's view: hears of what the partner has saved there, and asks nobody. */
import { contractId, vocationalProfileV1 } from '@convenant/contracts';
import type { LaunchedOrganisation } from '@convenant/launch';
import { within } from './measuring.js';
import type { PartnerBeside } from './partner-beside.js';
import type { Saved } from './partner-process.js';
import { sealedProfile, writeProfile, type SealedProfile, type SharedClient } from './shared-client.js';

const patienceMs = 120_000;
const profiles = contractId(vocationalProfileV1);

export class ExchangeMeter {
  /** By the id that the partner knows her under. */
  readonly #visible = new Map<string, () => void>();
  readonly #ready = new Map<SharedClient, SealedProfile[]>();
  readonly #idle: SharedClient[];
  readonly #waiting: ((client: SharedClient) => void)[] = [];
  #number = 0;
  #saves = 0;
  #rows = 0;

  constructor(
    private readonly agency: LaunchedOrganisation,
    private readonly partner: PartnerBeside,
    clients: readonly SharedClient[],
  ) {
    this.#idle = [...clients];
    partner.onSaved((rows) => this.#saved(rows));
  }

  /** How many rows were saved at once, on average, since the last time that this was asked. */
  rowsPerSave(): number {
    const average = this.#saves === 0 ? 1 : this.#rows / this.#saves;
    this.#saves = this.#rows = 0;
    return Math.max(1, Math.round(average));
  }

  /** Seals as many facts beforehand, so that what is measured begins at their recording. */
  async prepare(count: number): Promise<void> {
    for (let made = 0; made < count; made++) {
      const client = this.#idle[made % this.#idle.length] as SharedClient;
      const ready = this.#ready.get(client) ?? [];
      this.#ready.set(client, ready);
      ready.push(await this.#sealed(client));
    }
  }

  /** Of whichever client nothing is under way: a second fact would be told together with the first. Resolves when it is in the partner's view. */
  async tell(): Promise<void> {
    const client = this.#idle.shift() ?? (await new Promise<SharedClient>((take) => this.#waiting.push(take)));
    const known = client.knownAs[this.partner.id] ?? '';
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#visible.set(known, resolve);
    const profile = this.#ready.get(client)?.shift() ?? (await this.#sealed(client));
    await writeProfile(this.agency, profile);
    await within(patienceMs, 'What was told does not come to stand in the view of the partner.', promise);
    const next = this.#waiting.shift();
    if (next) next(client);
    else this.#idle.push(client);
  }

  #sealed({ clientId }: SharedClient): Promise<SealedProfile> {
    return sealedProfile(this.agency, clientId, ++this.#number);
  }

  #saved(rows: Saved): void {
    this.#saves++;
    this.#rows += rows.length;
    for (const { contract, clientId } of rows) {
      if (contract !== profiles) continue;
      this.#visible.get(clientId)?.();
      this.#visible.delete(clientId);
    }
  }
}
