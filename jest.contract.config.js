const { reporters, transform, waitForUnhandledRejections } = require('./jest.config')

// test/contract/run.ts starts the clusters and says here where they are.
const targets = JSON.parse(process.env.ROCKETWIRE_TARGETS ?? '[]')
if (targets.length === 0) throw new Error('contract tests need running clusters: use npm run test:contract')

/** The long tests instead of all others; see test/contract/run-options.ts. */
const full = process.env.ROCKETWIRE_FULL === '1'
const stores = JSON.parse(process.env.ROCKETWIRE_STORES ?? 'null')
/** They need no RocketMQ, so they run once, not for each version. */
const storesProject = {
  displayName: 'stores',
  rootDir: __dirname,
  testEnvironment: 'node',
  transform,
  testMatch: ['<rootDir>/test/contract/stores/**/*.test.ts'],
  globals: { ROCKETWIRE_STORES: stores },
}

/** The fault matrix beside that of the real servers. */
const emulatorProject = {
  displayName: 'emulator',
  rootDir: __dirname,
  testEnvironment: 'node',
  transform,
  testMatch: ['<rootDir>/test/scenario/**/*.test.ts'],
}

/** @type {import('jest').Config} */
module.exports = {
  // The tests wait for servers more than they compute, so there are more workers than cores of a small machine.
  // Those of a full run measure, and have servers of their own: fewer at a time.
  maxWorkers: full ? 2 : 2 * targets.length,
  reporters,
  waitForUnhandledRejections,
  // The examples use the built package.
  globalSetup: './test/support/global-setup.js',
  testTimeout: 120_000,
  projects: [
    ...targets.map(target => ({
      displayName: target.version,
      rootDir: __dirname,
      testEnvironment: 'node',
      transform,
      testMatch: [`<rootDir>/test/contract/${full ? 'full/' : ''}**/*.test.ts`, '<rootDir>/test/scenario/**/*.test.ts'],
      testPathIgnorePatterns: ['<rootDir>/test/contract/stores/', ...(full ? [] : ['<rootDir>/test/contract/full/'])],
      globals: { ROCKETWIRE_TARGET: target },
    })),
    ...(full ? [emulatorProject] : []),
    ...(stores === null ? [] : [storesProject]),
  ],
}
