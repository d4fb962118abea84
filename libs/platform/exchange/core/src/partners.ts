/** The other organisations that this one is connected to: those whose keys it has pinned. */
import type { OrganisationKind } from '@convenant/kernel';

export interface Partner {
  readonly id: string;
  readonly kind: OrganisationKind;
}
export abstract class Partners {
  /** Pinned at this moment. An organisation that is not in it neither gets nor gives anything. */
  abstract all(): readonly Partner[];
  abstract find(organisation: string): Partner | undefined;
}
