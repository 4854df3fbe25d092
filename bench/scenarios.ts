/** What a scenario measures. The first driver is the ceiling that the others are compared with. */
export interface Scenario {
  readonly title: string
  readonly ceiling: string
  readonly ours: string
  /** Messages of a round. */
  readonly messages: number
  /** Whether the drivers read messages that were stored before, or store new ones. */
  readonly reads: boolean
  /** Requests under way at a time; readers have one pull per queue. */
  readonly inFlight: number
}

export const QUEUES = 8
export const BODY_BYTES = 1024
export const PULL_BATCH = 32

/** Names of drivers are those of their files. */
export const SCENARIOS = {
  send: {
    title: 'send, 256 in flight',
    ceiling: 'ceiling-send',
    ours: 'ours-send',
    messages: 100_000,
    reads: false,
    inFlight: 256,
  },
  sync: {
    title: 'send, each awaited before the next',
    ceiling: 'ceiling-send',
    ours: 'ours-send',
    messages: 10_000,
    reads: false,
    inFlight: 1,
  },
  consume: {
    title: `consume, pull batch ${PULL_BATCH}`,
    ceiling: 'ceiling-pull',
    ours: 'ours-consume',
    messages: 200_000,
    reads: true,
    inFlight: QUEUES,
  },
} as const satisfies Record<string, Scenario>

export type ScenarioName = keyof typeof SCENARIOS
