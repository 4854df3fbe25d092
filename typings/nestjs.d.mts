export {
  ROCKETMQ_TRANSPORT,
  RocketMQClient,
  RocketMQContext,
  RocketMQRecord,
  RocketMQServer,
} from './nestjs.js'
export type {
  Deserialize,
  RocketMQClientOptions,
  RocketMQPattern,
  RocketMQServerOptions,
  Serialize,
} from './nestjs.js'
