/** Starts the covenant secretariat as a deployed service; its settings are listed in libs/platform/launch/src/settings.ts. */
import { ParticipantVerifier } from '@convenant/app-gateway';
import { covenantService } from '@convenant/covenant-service';
import { launchFromEnvironment, MachineClock } from '@convenant/launch';

await launchFromEnvironment(
  covenantService,
  (own, settings) =>
    new ParticipantVerifier({
      organisation: settings.ORGANISATION_ID,
      secret: settings.ORGANISATION_GATEWAY_SECRET,
      clock: new MachineClock(),
      own,
    }),
);
