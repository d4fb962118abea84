import { describe, expect, it } from '@jest/globals';
import { consentTo, exampleWorld, examples } from './example/example-world.js';
describe('first', () => {
  it('goes', async () => {
    const w = await exampleWorld();
    await w.karin.succeeds('noteExample', { clientId: w.clientId, ...examples.trajectory });
    await w.karin.succeeds('noteExample', { clientId: w.clientId, ...examples.jobs });
    const consentId = await consentTo(w);
    const page = await w.pia.reads('receivedAboutClient', { clientId: w.clientAtUwv });
    console.log(JSON.stringify(page, null, 1));
    console.log(JSON.stringify(await w.herself.reads('myDisclosures'), null, 1));
    await w.herself.succeeds('withdrawConsent', { consentId });
    console.log(JSON.stringify(await w.pia.reads('receivedAboutClient', { clientId: w.clientAtUwv }), null, 1));
    console.log(JSON.stringify(await w.herself.reads('myConsents'), null, 1));
    console.log(JSON.stringify(await w.herself.reads('myReadings'), null, 1));
    console.log(w.ggz.notes, w.uwv.notes);
  });
});
