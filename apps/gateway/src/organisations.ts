/** Which organisations this gateway serves, and where each of them can be called. */
import type { OrganisationKind } from '@convenant/kernel';

export interface Organisation {
  readonly id: string;
  readonly kind: OrganisationKind;
  /** The base address of the running instance: `<url>/graphql`, `<url>/exchange` and `<url>/ready` are called there. */
  readonly url: string;
  /** Shared with this instance alone; at least 32 bytes. */
  readonly credentialSecret: Uint8Array;
}

export class Organisations {
  private readonly byId: ReadonlyMap<string, Organisation>;
  /** The secretariat, whose subgraph every kind may ask; absent when this gateway was given none. */
  readonly covenant: Organisation | undefined;

  constructor(readonly all: readonly Organisation[]) {
    this.byId = new Map(all.map((each) => [each.id, each]));
    if (this.byId.size !== all.length) throw new Error('Two organisations of this gateway have the same id.');
    const covenants = all.filter(({ kind }) => kind === 'covenant');
    if (covenants.length > 1) throw new Error('A gateway serves one covenant.');
    this.covenant = covenants[0];
  }

  get(id: string): Organisation | undefined {
    return this.byId.get(id);
  }
}
