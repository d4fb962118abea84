/** What an employment specialist opens in the morning: every open referral and how long it has waited. */
import { clearColumn, sealedColumn, type Sealed, type View } from '@convenant/kernel';
import type { ReferralEvent } from './referral.js';

export interface ReferralBoardRow {
  readonly referralId: string;
  readonly clientId: string;
  readonly waitingSince: string;
  readonly referredBy: string;
  readonly toTeam?: string | undefined;
  readonly toSpecialist?: string | undefined;
  readonly workWish: Sealed<string>;
}

/** By referral; longest waiting first. Find by `open` (`yes`), `team`, `specialist` or `referredBy`. */
export const referralBoard: View<ReferralEvent, ReferralBoardRow> = {
  name: 'referral_board',
  version: 1,
  columns: {
    referralId: clearColumn('own'),
    clientId: clearColumn('own'),
    waitingSince: clearColumn('K2'),
    referredBy: clearColumn('K2'),
    toTeam: clearColumn('K2'),
    toSpecialist: clearColumn('K2'),
    workWish: sealedColumn('K3'),
  },
  keys(event) {
    switch (event.type) {
      case 'ClientReferred':
      case 'ReferralAccepted':
      case 'ReferralDeclined':
      case 'ReferralWithdrawn':
        return [event.referralId];
      default:
        return [];
    }
  },
  apply(_row, event) {
    // Decided: gone from the board, still in the log.
    if (event.type !== 'ClientReferred') return undefined;
    const { referralId, clientId, referredOn, referredBy, toTeam, toSpecialist, workWish } = event;
    return { referralId, clientId, waitingSince: referredOn, referredBy, toTeam, toSpecialist, workWish };
  },
  indexes: ({ referredBy, toTeam, toSpecialist }) => ({
    open: 'yes',
    referredBy,
    ...(toTeam === undefined ? {} : { team: toTeam }),
    ...(toSpecialist === undefined ? {} : { specialist: toSpecialist }),
  }),
  sort: ({ waitingSince }) => waitingSince,
};
