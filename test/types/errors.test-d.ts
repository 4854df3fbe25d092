import { expectTypeOf } from 'expect-type'
import { AckError, BatchError, BrokerError, type BrokerErrorCode, type ErrorCode, RocketMQError } from '../../lib/index'
import type { AckFailure, SendResult } from '../../lib/index'

declare const thrown: unknown

// What was caught is narrowed by the brand, which knows the errors of every installed copy.
if (RocketMQError.is(thrown)) {
  expectTypeOf(thrown).toEqualTypeOf<RocketMQError>()
  expectTypeOf(thrown.code).toEqualTypeOf<ErrorCode>()
  expectTypeOf(thrown.retriable).toBeBoolean()
  expectTypeOf(thrown.sent).toEqualTypeOf<'NO' | 'UNKNOWN' | undefined>()
  expectTypeOf(thrown.cause).toBeUnknown()
  // @ts-expect-error only brokers answer with a code of theirs
  expectTypeOf(thrown.responseCode).toBeString()
  // @ts-expect-error no such code
  expectTypeOf(thrown.code === 'TIMEOUT').toBeBoolean()
} else {
  expectTypeOf(thrown).toBeUnknown()
}

if (BrokerError.is(thrown, 'TOPIC_NOT_EXIST')) {
  expectTypeOf(thrown).toEqualTypeOf<BrokerError>()
  expectTypeOf(thrown.code).toEqualTypeOf<BrokerErrorCode>()
  expectTypeOf(thrown.responseCode).toBeString()
  expectTypeOf(thrown.remark).toEqualTypeOf<string | undefined>()
}

if (thrown instanceof BatchError) expectTypeOf(thrown.results).toEqualTypeOf<readonly SendResult[]>()
if (thrown instanceof AckError) expectTypeOf(thrown.failures).toEqualTypeOf<readonly AckFailure[]>()

expectTypeOf<BrokerErrorCode>().toExtend<ErrorCode>()
expectTypeOf<BrokerError | BatchError | AckError>().toExtend<RocketMQError>()
expectTypeOf<ErrorCode>().extract<'SEND_TIMEOUT'>().toEqualTypeOf<'SEND_TIMEOUT'>()
// @ts-expect-error codes are those of the table
expectTypeOf(RocketMQError).toBeConstructibleWith('NO_SUCH_CODE', 'message')
