/** The agreements of the covenant, soonest end first, so that a meeting opens with what runs out. */
import { clearColumn, type View } from '@convenant/kernel';
import type { AgreementEvent, FinancialTerm } from './agreement.js';

export interface AgreementRow {
  readonly agreementId: string;
  readonly title: string;
  readonly parties: readonly string[];
  readonly goals: readonly string[];
  readonly financialTerms: readonly FinancialTerm[];
  readonly from: string;
  /** Give it with today to `expiryWarning`. */
  readonly until: string;
  readonly state: 'in-force' | 'ended';
}
/** By agreement. Find all by index `all` (`yes`). */
export const agreements: View<AgreementEvent, AgreementRow> = {
  name: 'agreements',
  version: 1,
  columns: {
    agreementId: clearColumn('own'),
    title: clearColumn('own'),
    parties: clearColumn('own'),
    goals: clearColumn('own'),
    financialTerms: clearColumn('own'),
    from: clearColumn('own'),
    until: clearColumn('own'),
    state: clearColumn('own'),
  },
  keys(event) {
    switch (event.type) {
      case 'AgreementMade':
      case 'AgreementExtended':
      case 'AgreementEnded':
        return [event.agreementId];
      default:
        return [];
    }
  },
  apply(row, event) {
    switch (event.type) {
      case 'AgreementMade': {
        const { type: _type, at: _at, ...made } = event;
        return { ...made, state: 'in-force' };
      }
      case 'AgreementExtended':
        return row && { ...row, until: event.until };
      case 'AgreementEnded':
        return row && { ...row, until: event.on, state: 'ended' };
    }
  },
  indexes: () => ({ all: 'yes' }),
  sort: ({ until }) => until,
};
