import { RocketMQError } from '../../../lib/errors'
import { addressesOfEndpoint, instanceIdOf, isInstanceEndpoint } from '../../../lib/model/endpoint'
import {
  RETRY_PREFIX,
  clientId,
  dlqTopic,
  isDlqTopic,
  isLmq,
  isPopRetryTopicV2,
  isRetryTopic,
  isSystemGroup,
  parsePopRetryTopic,
  popOriginOf,
  popRetryTopic,
  replyTopic,
  retryTopic,
  vipAddress,
} from '../../../lib/model/names'
import {
  hasNamespace,
  namespaceOf,
  unwrapNamespace,
  withoutAnyNamespace,
  withoutRetryAndDlq,
  wrapNamespace,
} from '../../../lib/model/namespace'
import { type RecallHandle, decodeRecallHandle, encodeRecallHandle } from '../../../lib/model/recall-handle'
import type { Op } from '../vector-file'

/** Our names are always text: where Java takes null it gives null back. */
const orNull = (value: unknown, rule: (text: string) => string): string | null =>
  value === null ? null : rule(String(value))
const textOf = (value: unknown): string => (value === null ? '' : String(value))

function popNames(topic: string, group: string): unknown {
  const v1 = popRetryTopic(topic, group, 1)
  const v2 = popRetryTopic(topic, group, 2)
  const withoutPrefix = (name: string): string => name.slice(RETRY_PREFIX.length)
  return {
    v1,
    v2,
    default: popRetryTopic(topic, group),
    v1IsV2: isPopRetryTopicV2(v1),
    v2IsV2: isPopRetryTopicV2(v2),
    parseV1WithGroup: popOriginOf(v1, group),
    parseV2WithGroup: popOriginOf(v2, group),
    parseV1: parsePopRetryTopic(v1)?.topic ?? v1,
    parseV2: parsePopRetryTopic(v2)?.topic ?? v2,
    groupOfV1: parsePopRetryTopic(v1)?.group ?? withoutPrefix(v1),
    groupOfV2: parsePopRetryTopic(v2)?.group ?? withoutPrefix(v2),
    // A key in the memory of Java brokers, which no peer ever sees.
    pollingKey: `${topic}@${group}@3`,
  }
}

/** Java's answer for an endpoint without a domain is an exception in the place of the id. */
function instanceIdOrError(endpoint: string): unknown {
  try {
    return instanceIdOf(endpoint)
  } catch (error) {
    if (!RocketMQError.is(error)) throw error
    return { error: 'StringIndexOutOfBoundsException' }
  }
}

export const ops: Readonly<Record<string, Op>> = {
  popRetryTopic: ({ topic, group }) => popNames(String(topic), String(group)),
  groupNames: input => {
    const group = String(input['group'])
    return {
      retryTopic: retryTopic(group),
      dlqTopic: dlqTopic(group),
      replyTopicOfCluster: replyTopic(group),
      isSystemGroup: isSystemGroup(group),
    }
  },
  isLmq: ({ topic }) => ({ isLmq: isLmq(textOf(topic)) }),
  brokerVipChannel: ({ addr, vip }) => ({ addr: vip === true ? vipAddress(String(addr)) : addr }),
  namespaceOf: ({ resource }) => ({
    namespace: namespaceOf(textOf(resource)),
    withoutNamespace: orNull(resource, withoutAnyNamespace),
    withoutRetryAndDlq: withoutRetryAndDlq(textOf(resource)),
    isRetry: isRetryTopic(textOf(resource)),
    isDlq: isDlqTopic(textOf(resource)),
  }),
  namespace: input => {
    const namespace = textOf(input['namespace'])
    const resource = input['resource']
    return {
      wrap: orNull(resource, name => wrapNamespace(namespace, name)),
      wrapRetry: orNull(resource === '' ? null : resource, name => retryTopic(wrapNamespace(namespace, name))),
      without: orNull(resource, name => unwrapNamespace(namespace, name)),
      already: hasNamespace(namespace, textOf(resource)),
    }
  },
  endpoint: ({ endpoint }) => {
    if (endpoint === null) return instanceIdOf('')
    const text = String(endpoint)
    return {
      isInstanceEndpoint: isInstanceEndpoint(text),
      instanceId: text === '' ? null : instanceIdOrError(text),
      nameServerAddr: text === '' ? null : addressesOfEndpoint(text),
    }
  },
  clientId: ({ clientIp, instanceName, unitName }) => ({
    clientId: clientId({ ip: String(clientIp), instanceName: String(instanceName), unitName: textOf(unitName) }),
  }),
  recallHandle: input => {
    const handle = encodeRecallHandle({ ...input } as unknown as RecallHandle)
    return { handle, decoded: { version: 'v1', ...decodeRecallHandle(handle) } }
  },
  decodeRecallHandle: ({ handle }) => ({ version: 'v1', ...decodeRecallHandle(textOf(handle)) }),
}
