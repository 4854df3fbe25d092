export { ManualClock } from '../runtime/manual-clock'
export type { Clock, Timer } from '../runtime/clock'
export type { Logger } from '../runtime/log'
export type {
  BareReply,
  CommandName,
  Control,
  ControlContext,
  ControlHandler,
  ControlOptions,
  RequestNamed,
  Verdict,
} from './controls'
export { Emulator, type EmulatedBroker, type EmulatedNode } from './emulator'
export type { EmulatedBrokerOptions, EmulatedTopicOptions, EmulatorOptions } from './emulator-options'
export type { EmulatedVersion } from './generation'
