export { AckError } from './consumer/simple/ack-error'
export { AdminClient } from './admin/admin-client'
export { allocateAveragely } from './consumer/allocate/averagely'
export { allocateAveragelyByCircle } from './consumer/allocate/averagely-by-circle'
export { allocateByConfig } from './consumer/allocate/by-config'
export { allocateByMachineRoom } from './consumer/allocate/by-machine-room'
export { allocateByConsistentHash } from './consumer/allocate/consistent-hash'
export { allocateMachineRoomNearby } from './consumer/allocate/machine-room-nearby'
export { BatchError } from './sending/batch'
export { BrokerError, ERROR_CODES, RocketMQError } from './errors'
export { idempotent } from './consumer/idempotent/idempotent'
export { LiteSimpleConsumer } from './consumer/lite/lite-simple-consumer'
export { LitePullConsumer } from './consumer/lite-pull/lite-pull-consumer'
export { LocalFileOffsetStore } from './consumer/offsets/local-file-offset-store'
export { MemoryIdempotencyStore } from './consumer/idempotent/memory-idempotency-store'
export { onDiagnostics } from './client/telemetry/on-diagnostics'
export { optionsFromEnv } from './client/env'
export { MessageSelector } from './model/message-selector'
export { Producer } from './producer/producer'
export { POSSIBLE_DUPLICATE } from './producer/outbox/possible-duplicate'
export { PullConsumer } from './consumer/pull/pull-consumer'
export { PushConsumer } from './consumer/push/push-consumer'
export { SimpleConsumer } from './consumer/simple/simple-consumer'
export { TransactionProducer } from './producer/transaction/transaction-producer'
export { shutdownOnSignals } from './client/shutdown-on-signals'
export { selectByHash, selectByMachineRoom, selectByRandom } from './sending/selectors'

export type { AckFailure } from './consumer/simple/ack-error'
export type { AdminClientEvents, AdminClientStats } from './admin/admin-client'
export type { AdvancedOptions, ClientOptions } from './client/client-options'
export type { AllocateInput, AllocateMessageQueueStrategy } from './consumer/allocate/allocate-strategy'
export type { AssignOptions, CommitOptions, PollOptions } from './consumer/lite-pull/call-options'
export type { AvoidedBroker } from './sending/broker-faults'
export type { BrokerHealth, Health, NameServerHealth } from './client/health'
export type { BrokerData, QueueData, TopicRoute } from './model/topic-route'
export type { BrokerScope } from './admin/brokers'
export type { CallOptions } from './remoting/remoting-client'
export type { Clock, Timer } from './runtime/clock'
export type { Connection, ConsumerConnection } from './commands/group'
export type { ClaimOutcome, IdempotencyStore } from './consumer/idempotent/idempotency-store'
export type { ClusterInfo } from './commands/route'
export type {
  ConsumeConcurrentlyContext,
  ConsumeConcurrentlyResult,
  ConsumeContext,
  ConsumeOrderlyContext,
  ConsumeOrderlyResult,
  MessageListenerConcurrently,
  MessageListenerOrderly,
} from './consumer/push/message-listener'
export type { Closable, ShutdownOnSignals, ShutdownOnSignalsOptions } from './client/shutdown-on-signals'
export type {
  CMResult,
  ConsumeMessageDirectlyResult,
  ConsumeStatus,
  ConsumerRunningInfo,
  PopProcessQueueInfo,
  ProcessQueueInfo,
} from './commands/consumer-status'
export type { Credentials, CredentialsProvider } from './remoting/credentials'
export type { ConsumerLag, QueueLag } from './consumer/lag/consumer-lag'
export type { ConsumerMemberId, ConsumerQueueOffset } from './admin/consumer-status'
export type { ConsumeQueueStats, GroupConsumeStats } from './admin/consume-stats'
export type { ConsumeInterceptor, ConsumeInterceptorContext, ConsumeResult } from './consumer/push/consume-interceptor'
export type {
  ConsumeFromWhere,
  ConsumeType,
  ExpressionType,
  MessageModel,
  SubscriptionData,
} from './model/consumer-types'
export type { ConcurrencyMove } from './consumer/push/concurrency-law'
export type { ConcurrencyRange } from './consumer/push/concurrency-range'
export type { ConcurrencyStats } from './consumer/push/concurrency-control'
export type { ConsumeOptions, PushConsumerOptions } from './consumer/push/push-consumer-options'
export type {
  DiagnosticsChannel,
  DiagnosticsEvent,
  DiagnosticsEvents,
  ProcessEvent,
  ReceiveEvent,
  RequestEvent,
  SendEvent,
  SettledTransaction,
  SettleEvent,
} from './client/telemetry/events'
export type { DiagnosticsListener } from './client/telemetry/on-diagnostics'
export type { Dialer } from './remoting/dialer'
export type { BlockingMessage } from './consumer/push/blocking-message'
export type { EachMessage, PushConsumerEvents, PushConsumerStats } from './consumer/push/push-consumer'
export type { QueueStats } from './consumer/push/queue-stats'
export type { BrokerErrorCode, BrokerErrorOptions, ErrorCode, ErrorDetails, ErrorOptions } from './errors'
export type { GroupSettings } from './admin/groups'
export type { HostPort } from './remoting/address'
export type { IdempotentOptions, ListenerOrder } from './consumer/idempotent/idempotent-options'
export type { Int64Input } from './wire/int64'
export type { KeyQuery, UniqueKeyQuery } from './admin/messages'
export type { Interceptor } from './runtime/interceptors'
export type { LagAlarm } from './consumer/lag/lag-alarms'
export type { LagLimits, LagThresholds } from './consumer/lag/lag-thresholds'
export type { LiteReceiveOptions, LiteSimpleConsumerEvents } from './consumer/lite/lite-simple-consumer'
export type { LiteSimpleConsumerOptions, LiteStart } from './consumer/lite/lite-simple-consumer-options'
export type { LitePullConsumerEvents } from './consumer/lite-pull/lite-pull-consumer-events'
export type { LitePullConsumerOptions } from './consumer/lite-pull/lite-pull-consumer-options'
export type { LitePullConsumerStats, LitePullQueueStats } from './consumer/lite-pull/lite-pull-stats'
export type { LocalFileOffsetStoreOptions } from './consumer/offsets/local-file-offset-store'
export type { ListenerContext, ListenerResult } from './consumer/idempotent/listener-kind'
export type { LifecycleState } from './runtime/lifecycle'
export type { LogicalQueues } from './model/logical-queues'
export type { Logger } from './runtime/log'
export type { MachineRoomResolver } from './consumer/allocate/machine-room-nearby'
export type {
  MemoryIdempotencyStoreOptions,
  MemoryIdempotencyStoreStats,
} from './consumer/idempotent/memory-idempotency-store'
export type { Message, MessageExt, MessageProperties } from './model/message'
export type { MessageFilter, MessageFilterContext } from './consumer/message-filter'
export type { MessageQueue } from './model/message-queue'
export type { ForbiddenCheck, ForbiddenCheckContext } from './sending/forbidden-check'
export type { RpcContext, RpcFields, RpcInterceptor, RpcResponse } from './remoting/rpc-interceptor'
export type { RecallContext, RecallInterceptor } from './producer/recalls'
export type { MessageQueueSelector } from './sending/selectors'
export type { OffsetStore } from './consumer/offsets/offset-store'
export type { MetricAttributes, MetricInstrument, MetricReading, MetricsRecorder } from './client/telemetry/metrics'
export type { OutboxFsync, OutboxOptions } from './producer/outbox/outbox-options'
export type { OutboxStats } from './producer/outbox/outbox-stats'
export type { PopQueueStats } from './consumer/pop/pop-queue-stats'
export type { ProducerEvents, ProducerStats } from './producer/producer-stats'
export type { SendAllOptions, SendAllProgress, SendOutcome } from './producer/send-all'
export type { SendAsyncCallback } from './producer/send-async-callback'
export type { ProducerOptions } from './producer/producer-options'
export type { RoutingSafetyOptions } from './producer/routing-safety'
export type { PullConsumerEvents, PullConsumerStats } from './consumer/pull/pull-consumer'
export type { PullConsumerOptions } from './consumer/pull/pull-consumer-options'
export type { PullOptions } from './consumer/pull/raw-pulls'
export type { PullResult, PullStatus, SendResult, SendStatus } from './model/results'
export type { CompressionType } from './model/sys-flag'
export type { PullTask, PullTaskContext } from './consumer/pull/scheduled-queues'
export type { MessageRequestMode } from './model/message-request-mode'
export type { RequestModeOptions } from './admin/request-mode'
export type { RateLimit } from './client/rate-limit'
export type { RateLimitStats } from './consumer/push/rate-gate'
export type { QueueOffset, ResetOffsets } from './admin/reset-offsets'
export type {
  ReceiveOptions,
  SimpleConsumeFromWhere,
  SimpleConsumerOptions,
} from './consumer/simple/simple-consumer-options'
export type { ReplyMessage, ReplyOptions } from './sending/replier'
export type { SendInterceptor, SendInterceptorContext } from './producer/send-interceptor'
export type { SendOptions } from './sending/send-options'
export type { SerializeType } from './wire/remoting-command'
export type { SimpleConsumerEvents, SimpleConsumerStats } from './consumer/simple/simple-consumer'
export type { StartOptions } from './client/start-member'
export type { SubscriptionExpression } from './model/message-selector'
export type {
  EndTransactionTrace,
  PubTrace,
  RecallTrace,
  SubAfterTrace,
  SubBeforeTrace,
  Trace,
  TraceConsumeOutcome,
  TraceMessageType,
} from './model/trace'
export type { TraceQuery } from './admin/message-trace'
export type { TraceOptions } from './sending/trace-options'
export type { TraceStats } from './sending/trace-writer'
export type { TopicMessageType, TopicSettings } from './admin/create-topic'
export type { TopicOffset } from './commands/topic'
export type { TopicQueueStats } from './admin/topics'
export type {
  LocalTransactionState,
  TransactionContext,
  TransactionListener,
  TransactionSendResult,
} from './producer/transaction/transaction-listener'
export type { EndTransactionContext, EndTransactionInterceptor } from './producer/transaction/transaction-ends'
export type {
  TransactionProducerOptions,
  TransactionSendOptions,
} from './producer/transaction/transaction-producer-options'
export type { TransactionProducerStats } from './producer/transaction/transaction-producer'
