export { ManualClock } from '../runtime/manual-clock'
export type { ChannelState } from '../remoting/channel'
export type { Clock, Timer } from '../runtime/clock'
export type { MessageExt, MessageProperties } from '../model/message'
export type { Logger } from '../runtime/log'
export type { ResponseCode } from '../commands/response-code'
export type { ExtFields, RemotingCommand, SerializeType } from '../wire/remoting-command'
export type {
  BareReply,
  CommandName,
  Control,
  ControlContext,
  ControlHandler,
  ControlledConnection,
  ControlOptions,
  RequestNamed,
  Verdict,
} from './controls'
export { Emulator, type EmulatedBroker, type EmulatedNode } from './emulator'
export type { EmulatedAccount, EmulatedPermission } from './accounts'
export type { EmulatedBrokerOptions, EmulatedTopicOptions, EmulatorOptions } from './emulator-options'
export type { EmulatedVersion } from './generation'
