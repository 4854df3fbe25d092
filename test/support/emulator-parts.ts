import { Controls } from '../../lib/emulator/controls'
import type { EmulatorShared } from '../../lib/emulator/emulated-server'
import { type EmulatedVersion, GENERATIONS } from '../../lib/emulator/generation'
import { Schedule } from '../../lib/emulator/schedule'
import { ManualClock } from '../../lib/runtime/manual-clock'
import { silentLog } from './recording-log'

/** What the servers of an emulator share, on a clock that stands still. */
export function sharedParts(version: EmulatedVersion = '5'): EmulatorShared & { readonly clock: ManualClock } {
  const clock = new ManualClock(1_700_000_000_400)
  return {
    host: '127.0.0.1',
    advertisedHost: '127.0.0.1',
    clock,
    log: silentLog(clock),
    schedule: new Schedule(clock),
    mayStart: () => true,
    controls: new Controls(),
    generation: GENERATIONS[version],
  }
}

/** Settings of a broker's state, for tests that do not care. */
export const STATE_OPTIONS = {
  clusterName: 'DefaultCluster',
  brokerName: 'broker-a',
  autoCreateTopic: true,
  autoCreateGroup: true,
  delayLevels: '1s 5s 10s',
  maxStoreBytes: 10_000_000,
  maxMessageSize: 1000,
  enablePropertyFilter: true,
  recallMessageEnable: false,
  transactionTimeOutMs: 6000,
  transactionCheckIntervalMs: undefined,
  transactionCheckMax: 15,
}
