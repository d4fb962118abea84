/** What an operator asks for beside a running service, by the database: messages turned back on, and the door of a restored organisation released. */
import type { ExchangeLedger, Inbox } from '@convenant/exchange';
import type { OperatorLog } from './definition.js';
import { errorName } from './failure-facts.js';
import type { LogReader } from './log-reader.js';

export interface OperatorWishes {
  /** Turns back on what was asked for, each once for each time that somebody asks. */
  redriveAsked(): Promise<void>;
  /** Sees whether the door was released since it was last looked at. */
  lookAtDoor(): Promise<void>;
}

/**
 * Under which name the door's place is noted. Once an operator has released the door of a restored organisation nothing is noted under the
 * new one, so it goes through the whole log.
 */
export async function placeOfDoor(ledger: ExchangeLedger): Promise<string> {
  const { series, held } = await ledger.afterRestore();
  return series === undefined || held ? 'door' : `door after ${series}`;
}

/** `wake` is for the readers of the log after a message, `wakeEverything` for these and the lanes after a release. */
export function createOperatorWishes(
  { ledger, operatorLog }: { readonly ledger: ExchangeLedger; readonly operatorLog: OperatorLog },
  inbox: Pick<Inbox, 'redrive'>,
  door: Pick<LogReader, 'lookAgain'>,
  { wake, wakeEverything }: { readonly wake: () => void; readonly wakeEverything: () => void },
): OperatorWishes {
  let redriving: Promise<void> | undefined;
  const redriveOnce = async (): Promise<void> => {
    for (const messageId of await ledger.redrivesAsked()) {
      const handled = await inbox.redrive(messageId).catch(errorName);
      await ledger.redriveTried(messageId);
      operatorLog.note('info', 'message-redriven', {
        outcome: typeof handled === 'string' ? handled : handled.refused,
      });
      wake();
    }
  };
  let seenAtDoor: string | undefined;
  return {
    redriveAsked: () => (redriving ??= redriveOnce().finally(() => (redriving = undefined))),
    async lookAtDoor() {
      const now = await placeOfDoor(ledger);
      if (now !== seenAtDoor) {
        door.lookAgain();
        wakeEverything();
      }
      seenAtDoor = now;
    },
  };
}
