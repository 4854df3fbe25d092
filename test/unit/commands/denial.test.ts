import { denialOf } from '../../../lib/commands/denial'
import { brokerError } from '../../../lib/commands/response-code'

const EXCEPTION = 'org.apache.rocketmq.acl.common.AclException'

describe('denialOf', () => {
  it.each([
    [16, 'username cannot be null.'],
    [16, 'check signature failed.'],
    [16, 'User:bob is not found.'],
    [16, 'User:bob is disabled.'],
    [1, 'check signature failed.'],
    [1, 'User:bob is not found.'],
    [1, `${EXCEPTION}: No accessKey is configured, org.apache.rocketmq.acl.plain.PlainPermissionManager.validate(1)`],
    [1, `${EXCEPTION}: No acl config for bob, org.apache`],
    [1, `${EXCEPTION}: Check signature failed for accessKey=bob, org.apache`],
  ])('knows %i "%s" for credentials that are not accepted', (code, remark) => {
    expect(denialOf(code, remark)).toEqual({ code: 'AUTHENTICATION_FAILED', cure: expect.any(String) })
  })

  it.each([
    [16, 'User:bob has no permission to access Topic:A1 from 127.0.0.1, no matched policies.', { topic: 'A1' }],
    [16, 'User:bob has no permission to access Group:g from 10.0.0.1, the decision is deny.', { group: 'g' }],
    [1, 'User:bob has no permission to access Topic:A1 from 127.0.0.1, no matched policies.', { topic: 'A1' }],
    [16, 'User:bob has no permission to access Cluster:c from 10.0.0.1, no matched policies.', {}],
    [1, `${EXCEPTION}: No default permission for topic:A1, org.apache.rocketmq.acl`, { topic: 'A1' }],
    [1, `${EXCEPTION}: No default permission for group:g, org.apache.rocketmq.acl`, { group: 'g' }],
    [1, `${EXCEPTION}: Need admin permission for request code=17, but accessKey=bob is not, org.apache`, {}],
  ])('knows %i "%s" for what these credentials may not do', (code, remark, what) => {
    expect(denialOf(code, remark)).toEqual({ code: 'PERMISSION_DENIED', cure: expect.any(String), ...what })
  })

  it.each([
    [16, 'Sending message to topic[T] is forbidden.'],
    [16, undefined],
    [1, 'java.lang.NullPointerException'],
    [1, undefined],
    [17, 'username cannot be null.'],
  ])('leaves %i "%s" to what it was', (code, remark) => {
    expect(denialOf(code, remark)).toBeUndefined()
  })

  it('makes an error that is not retriable of it, with the cure in its words', () => {
    const remark = 'User:bob has no permission to access Topic:A1 from 127.0.0.1, no matched policies.'
    const error = brokerError(16, remark, { address: 'h:1', command: 'PULL_MESSAGE' })
    const details = { code: 'PERMISSION_DENIED', responseCode: 'NO_PERMISSION', topic: 'A1', retriable: false, remark }
    expect(error).toMatchObject(details)
    expect(error.message).toMatch(/PULL_MESSAGE .*from h:1.*; give this access key the permission/)
  })
})
