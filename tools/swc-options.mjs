/** How TypeScript becomes JavaScript; the build and the tests use the same options. Decorator metadata is off: injection names its token. */
export const swcOptions = {
  jsc: {
    target: 'es2024',
    parser: { syntax: 'typescript', decorators: true },
    transform: {
      legacyDecorator: true,
      decoratorMetadata: false,
      useDefineForClassFields: true,
      verbatimModuleSyntax: true,
    },
    experimental: { keepImportAttributes: true },
    keepClassNames: true,
  },
  module: { type: 'es6' },
  swcrc: false,
};
