import type { Telemetry } from '../../lib/client/telemetry/telemetry'

/** Nobody wants to hear of anything. */
export const NO_TELEMETRY: Pick<Telemetry, 'wants' | 'run'> = {
  wants: () => false,
  run: () => Promise.reject(new Error('nobody wants to hear of it')),
}
