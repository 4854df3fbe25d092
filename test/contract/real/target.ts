import type { RocketMQVersion } from './artifacts'

/** The cluster a run of the contract tests works on. */
export interface ContractTarget {
  /** The generation, by the version of it that the project is tested against. */
  readonly version: RocketMQVersion
  readonly namesrvAddr: string
  readonly origin: 'existing' | 'docker' | 'jars'
  /** Whether a test may start a cluster of its own, in order to stop or kill its servers. */
  readonly ownClusters: boolean
}

declare global {
  // Set for each jest project by jest.contract.config.js.
  var ROCKETWIRE_TARGET: ContractTarget | undefined
}

/** The target of this run; undefined where tests run without a real cluster, as under `npm test`. */
export function contractTarget(): ContractTarget | undefined {
  return globalThis.ROCKETWIRE_TARGET
}

/** As `contractTarget`, for tests that make no sense without one. */
export function requireTarget(): ContractTarget {
  const target = contractTarget()
  if (target === undefined) throw new Error('this test needs a real RocketMQ: run it with npm run test:contract')
  return target
}
