export { RocketMQClient } from './rocketmq-client'
export { RocketMQContext } from './rocketmq-context'
export { RocketMQRecord } from './rocketmq-record'
export { ROCKETMQ_TRANSPORT, RocketMQServer } from './rocketmq-server'

export type { Deserialize, Serialize } from './bodies'
export type { RocketMQClientOptions } from './rocketmq-client'
export type { RocketMQPattern } from './route'
export type { RocketMQServerOptions } from './rocketmq-server'
