const { availableParallelism } = require('node:os')

const transform = {
  '^.+\\.ts$': [
    '@swc/jest',
    {
      // Decorators are those of Nest, in its tests.
      jsc: {
        target: 'es2022',
        parser: { syntax: 'typescript', decorators: true },
        transform: { legacyDecorator: true },
      },
      module: { type: 'commonjs' },
    },
  ],
}

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  globalSetup: '<rootDir>/test/support/global-setup.js',
  transform,
  // Much of the time of a test is waiting, so that two cores are enough for two workers beside the one who hands out.
  maxWorkers: Math.max(Math.min(2, availableParallelism()), availableParallelism() - 1),
  testMatch: ['<rootDir>/test/**/*.test.ts', '<rootDir>/examples/*.test.ts'],
  testPathIgnorePatterns: ['<rootDir>/test/contract/(?!probes/)'],
  // Far more than any needs: on a small machine that has much else to do, none shall fail for being slow.
  testTimeout: 30_000,
  // A rejection counts as unhandled only where nothing took it by the end of its test.
  waitForUnhandledRejections: true,
  reporters: ['default', '<rootDir>/test/support/summary-reporter.js'],
  // A socket or timer that outlives its test is a defect, so the run is never forced to exit.
  detectOpenHandles: false,
  forceExit: false,
}
