/** The partners whose keys this organisation has pinned, in a file that only a person's decision changes. */
import { readFile, rename, writeFile } from 'node:fs/promises';
import { fingerprintOfAll, type PublicKeys } from '@convenant/exchange-sealing';
import { Partners, type Partner } from '@convenant/exchange';
import { organisationKinds, type OrganisationKind } from '@convenant/kernel';
import { z } from 'zod';

const jwk = z.looseObject({ kty: z.string() });
const pinnedFile = z.strictObject({
  partners: z.array(
    z.strictObject({
      id: z.string(),
      kind: z.enum(organisationKinds),
      /** What a person compared over another channel; checked against the keys at every start. */
      fingerprint: z.string(),
      keys: z.strictObject({ signing: z.array(jwk).min(1), sealing: jwk }),
    }),
  ),
});
export interface PinnedPartner {
  readonly id: string;
  readonly kind: OrganisationKind;
  readonly keys: PublicKeys;
}

export class PinnedPartners extends Partners {
  private constructor(private readonly pinned: ReadonlyMap<string, PinnedPartner>) {
    super();
  }

  /** Throws when the file is not well formed, or when keys in it are not the ones whose fingerprint was compared. */
  static async open(file: string): Promise<PinnedPartners> {
    const text = await readFile(file, 'utf8').catch(() => '{"partners":[]}');
    const { partners } = pinnedFile.parse(JSON.parse(text));
    const pinned = new Map<string, PinnedPartner>();
    for (const { id, kind, keys, fingerprint } of partners) {
      const known = keys as unknown as PublicKeys;
      if ((await fingerprintOfAll(known)) !== fingerprint)
        throw new Error(`The pinned keys of ${id} do not have the fingerprint that was compared.`);
      pinned.set(id, { id, kind, keys: known });
    }
    return new PinnedPartners(pinned);
  }

  /** Writes the file as a whole, so that a crash leaves the old one or the new one. */
  static async pin(file: string, partners: readonly PinnedPartner[]): Promise<void> {
    const text = JSON.stringify(
      {
        partners: await Promise.all(
          partners.map(async ({ id, kind, keys }) => ({ id, kind, fingerprint: await fingerprintOfAll(keys), keys })),
        ),
      },
      undefined,
      2,
    );
    await writeFile(`${file}.new`, text, { mode: 0o600, flush: true });
    await rename(`${file}.new`, file);
  }

  all(): readonly Partner[] {
    return [...this.pinned.values()];
  }
  find(organisation: string): Partner | undefined {
    return this.pinned.get(organisation);
  }
  keysOf(organisation: string): PublicKeys | undefined {
    return this.pinned.get(organisation)?.keys;
  }
}
