/** The benefits of one client, for the benefits adviser and the client herself. */
import { clearColumn, sealedColumn, type Sealed, type View } from '@convenant/kernel';
import type { BenefitDetails, BenefitEvent, BenefitKind } from './benefit.js';

export interface BenefitRow {
  readonly benefitId: string;
  readonly clientId: string;
  readonly from: string;
  readonly endedOn?: string | undefined;
  readonly kind: Sealed<BenefitKind>;
  readonly details: Sealed<BenefitDetails>;
}
/** By benefit, found by `clientId`. */
export const benefits: View<BenefitEvent, BenefitRow> = {
  name: 'benefits',
  version: 1,
  columns: {
    benefitId: clearColumn('own'),
    clientId: clearColumn('own'),
    from: clearColumn('K6'),
    endedOn: clearColumn('K6'),
    kind: sealedColumn('K6'),
    details: sealedColumn('K6'),
  },
  keys: (event) => (event.type === 'BenefitRecorded' || event.type === 'BenefitEnded' ? [event.benefitId] : []),
  apply(row, event) {
    if (event.type === 'BenefitEnded') return row && { ...row, endedOn: event.on };
    const { type: _type, at: _at, ...benefit } = event;
    return benefit;
  },
  indexes: ({ clientId }) => ({ clientId }),
  sort: ({ from }) => from,
};
