import { decodeJsonHeader, encodeJsonHeader } from '../../../lib/wire/header-json'

const header = { code: 1, language: 'JAVA', version: 2, opaque: 3, flag: 4 }

describe('decodeJsonHeader', () => {
  it.each([
    ['missing numbers', '{"code":1}', { code: 1, version: 0, opaque: 0, flag: 0, language: 'JAVA' }],
    ['numbers as text', '{"code":"11","opaque":"-5"}', { code: 11, opaque: -5 }],
    ['unknown fields', '{"code":1,"foo":{"a":[1]},"bar":null}', { code: 1 }],
    ['nulls', '{"code":1,"remark":null,"extFields":null}', { remark: undefined, extFields: undefined }],
    ['a language by its number', '{"language":9}', { language: 'GO' }],
    ['a language that is not known', '{"language":"KLINGON"}', { language: undefined }],
    [
      'the last of equal names',
      '{"code":1,"code":2,"extFields":{"a":"x","a":"y"}}',
      { code: 2, extFields: { a: 'y' } },
    ],
    ['half a character', String.raw`{"remark":"\ud800"}`, { remark: '\ud800' }],
    ['what Fastjson takes for JSON', "{code:1,'remark':'r',}", { code: 1, remark: 'r' }],
  ])('reads %s as Java does', (_what, text, expected) => expect(decodeJsonHeader(text)).toMatchObject(expected))

  it('makes text of fields that are none, without rounding', () => {
    const { extFields } = decodeJsonHeader(
      '{"extFields":{"a":1,"b":true,"c":9007199254740993,"d":null,"e":1.5,"f":"x"}}',
    )
    expect({ ...extFields }).toEqual({ a: '1', b: 'true', c: '9007199254740993', d: null, e: '1.5', f: 'x' })
  })

  it.each([
    '',
    'x',
    '[1]',
    'null',
    '"text"',
    '{"code":1.5}',
    '{"code":2147483648}',
    '{"code":1e400}',
    '{"code":99999999999999999999}',
    '{"opaque":"x"}',
    '{"extFields":5}',
    '{"remark":{"toString":1,"valueOf":1}}',
    '{"remark":["r"]}',
    '{"code":{"toString":1,"valueOf":1}}',
    '{"code":[5]}',
    '{"language":{"toString":1}}',
    '{"extFields":{"a":{"toString":1}}}',
    '{"extFields":{"__proto__":{"x":"y"},"b":"c"}}',
    '{extFields:{a:[1]}}',
    '{extFields:{"$ref":"$"},self:{"$ref":"$"}}',
    `{"remark":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
  ])('refuses %.40s', text => {
    expect(() => decodeJsonHeader(text)).toThrow(expect.objectContaining({ code: 'PROTOCOL_ERROR' }))
  })
})

describe('encodeJsonHeader', () => {
  it('leaves out what is not there, and nulls among the fields', () => {
    expect(encodeJsonHeader({ ...header, serializeType: 'JSON' })).toBe(
      '{"code":1,"language":"JAVA","version":2,"opaque":3,"flag":4}',
    )
    const text = encodeJsonHeader({
      ...header,
      remark: '"quoted"',
      extFields: { a: 'x', b: null, c: '' },
      serializeType: 'JSON',
    })
    expect(JSON.parse(text)).toEqual({ ...header, remark: '"quoted"', extFields: { a: 'x', c: '' } })
  })
})
