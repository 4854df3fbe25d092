import type { ExpressionType, SubscriptionData } from '../../../lib/model/consumer-types'
import { javaHashCode } from '../../../lib/model/java-string-hash'
import {
  buildSubscriptionData,
  buildTypedSubscriptionData,
  isTagType,
  sameSubscription,
  tagsCode,
} from '../../../lib/model/subscription'
import type { Op } from '../vector-file'

/** Java's null is our `undefined`. */
const textOrNone = (value: unknown): string | undefined => (value === null ? undefined : String(value))

const subscriptionOf = (plain: unknown): SubscriptionData => ({
  subVersion: 0,
  ...(plain as Omit<SubscriptionData, 'subVersion'>),
})

function plain({ topic, subString, tagsSet, codeSet, expressionType, classFilterMode }: SubscriptionData): unknown {
  return {
    topic,
    subString,
    tagsSet: [...tagsSet].sort(),
    codeSet: [...codeSet].sort((a, b) => a - b),
    expressionType,
    classFilterMode,
  }
}

export const ops: Readonly<Record<string, Op>> = {
  hashCode: input => {
    const text = textOrNone(input['string'])
    const code = String(tagsCode(text))
    return text === undefined ? { tagsCode: code } : { hash: javaHashCode(text), tagsCode: code }
  },
  buildSubscriptionData: input =>
    plain(buildSubscriptionData(String(input['topic']), textOrNone(input['expression']), 0)),
  build: input => {
    const expression = textOrNone(input['expression'])
    // Types beyond our union reach the emulator from other clients, so they are carried as they are.
    const type = (textOrNone(input['type']) ?? 'TAG') as ExpressionType
    return plain(buildTypedSubscriptionData(String(input['topic']), { type, expression }, 0))
  },
  isTagType: input => ({ isTag: isTagType(textOrNone(input['type'])) }),
  subscriptionEquals: input => ({ equal: sameSubscription(subscriptionOf(input['a']), subscriptionOf(input['b'])) }),
}
