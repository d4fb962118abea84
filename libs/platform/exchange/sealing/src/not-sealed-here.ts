/** The error for text that no key of this organisation can have sealed. */

/** A bug or tampering. Says nothing about the text, so that it may be logged. */
export class NotSealedHere extends Error {
  constructor() {
    super('This text was not sealed here, or it was changed afterwards.');
    this.name = 'NotSealedHere';
  }
}
