/** One text, with queries that find it and queries that do not. Every engine must satisfy this (C13). */
export interface ScriptRow {
  text: string;
  finds: readonly string[];
  misses?: readonly string[];
}

/** Texts in many scripts, with queries for them. */
export const SCRIPT_ROWS: { readonly [group: string]: readonly ScriptRow[] } = {
  'invisible characters': [
    {
      text: 'love❤️letters',
      finds: ['love', 'letters', 'love letters', 'lette', 'love❤letters'],
      misses: ['oveletters'],
    },
    { text: '葛󠄀城市', finds: ['葛城', '城市', '葛󠄀城', '葛'], misses: ['葛市'] },
    {
      text: 'co\u00adoperate with super\u00adstition',
      finds: ['cooperate', 'superstition', 'super\u00adst'],
      misses: ['stition'],
    },
    { text: 'zero\u200bwidth and joined\u2060up', finds: ['zerowidth', 'joinedup', 'joined\u2060up'] },
    { text: 'می\u200cخواهم بروم', finds: ['میخواهم', 'می\u200cخواهم', 'ميخواهم', 'برو'] },
    { text: 'bidi \u202eovrd\u202c marks', finds: ['ovrd', 'marks'] },
  ],
  'Turkish, German, Greek, Vietnamese and others': [
    { text: 'İstanbul’da buluşalım', finds: ['istanbul', 'ISTANBUL', 'İSTANBUL', 'bulusalim', 'BULUŞALIM', 'istan'] },
    { text: 'ışık açık kaldı', finds: ['ışık', 'isik', 'IŞIK', 'acik', 'AÇIK kaldi'], misses: ['sik'] },
    { text: 'STRASSE und Fußweg', finds: ['straße', 'strasse', 'Straße', 'fussweg', 'FUSSWEG', 'fuß', 'FUẞWEG'] },
    {
      text: 'Grüße aus München',
      finds: ['grüße', 'grusse', 'GRÜSSE', 'munchen', 'MÜNCHEN', 'munch'],
      misses: ['muenchen'],
    },
    { text: 'Ο Οδυσσεύς γύρισε', finds: ['οδυσσευς', 'ΟΔΥΣΣΕΎΣ', 'οδυσσεύσ', 'Ὀδυσσεύς', 'γυρι'] },
    { text: 'ᾠδή τῷ φίλῳ', finds: ['ωιδη', 'ᾠδὴ', 'τωι', 'ΦΊΛΩΙ'] },
    { text: 'Đà Nẵng rất đẹp', finds: ['da nang', 'Đà Nẵng', 'ĐÀ NẴNG', 'đẹp', 'dep', 'rat dep'], misses: ['hanoi'] },
    {
      text: 'Le café est très cher, naïve Zoë',
      finds: ['cafe', 'CAFÉ', 'cafe\u0301', 'caf', 'tres', 'naive', 'zoe'],
      misses: ['afé'],
    },
    { text: 'Jalapen\u0303o y pin\u0303ata', finds: ['jalapeño', 'jalapeno', 'piñata', 'pinat'] },
    { text: 'Łódź, Gdańsk, Kraków', finds: ['lodz', 'łódź', 'ŁÓDŹ', 'gdansk', 'krak'] },
    { text: 'Smørrebrød på Þingvellir, Ærø', finds: ['smorrebrod', 'SMØRREBRØD', 'pa', 'thingvellir', 'aero', 'ærø'] },
    { text: 'Cœur, Œuvre', finds: ['coeur', 'cœur', 'oeuvre', 'ŒUVRE'] },
    { text: 'Aloha Hawaiʻi', finds: ['hawaii', 'Hawaiʻi', 'HAWAI'] },
    { text: 'ĳs en ǆungla, ŉ boek', finds: ['ijs', 'IJS', 'džungla', 'dzungla', 'boek'] },
  ],
  Cyrillic: [
    { text: 'Ещё не всё, мой друг', finds: ['еще', 'ЕЩЁ', 'все', 'всё', 'мой', 'друг', 'дру'], misses: ['мои', 'руг'] },
    { text: 'Київ і Львів, її', finds: ['київ', 'львів', 'ЛЬВІВ', 'її'] },
    { text: 'вода́ и замо́к', finds: ['вода', 'замок', 'вод'] },
  ],
  'Arabic and Hebrew': [
    { text: 'مَرْحَبًا بِكُم', finds: ['مرحبا', 'مرحبًا', 'مَرْحَبًا', 'بكم', 'مرح'], misses: ['رحبا'] },
    { text: 'كتاب جديد مـــرحبا', finds: ['كِتَاب', 'مرحبا', 'جديد', 'كـتـاب'] },
    { text: 'أحمد إبراهيم آمنة مدرسة', finds: ['احمد', 'ابراهيم', 'امنه', 'آمنة', 'مدرسه', 'مدرسة'], misses: ['حمد'] },
    { text: 'على الطريق، علی اینجا', finds: ['علي', 'على', 'علی'] },
    { text: 'غرفة ٣٠٥ و ۴۲', finds: ['305', '٣٠٥', '42', '۴۲', '30'] },
    { text: 'ﻣﺮﺣﺒﺎ ﷲ', finds: ['مرحبا', 'الله'] },
    { text: 'שָׁלוֹם עוֹלָם', finds: ['שלום', 'שָׁלוֹם', 'עולם', 'שלו'], misses: ['לום'] },
    { text: 'בראשית ברא', finds: ['בְּרֵאשִׁית', 'ברא'] },
  ],
  'Indic scripts': [
    { text: 'ज़रूर चाँद पर मिलेंगे', finds: ['ज़रूर', 'जरूर', 'चाँद', 'चांद', 'मिलेंगे', 'मिले'], misses: ['चद', 'मल', 'मिलगे'] },
    { text: 'हिन्दी में', finds: ['हिन्दी', 'हिन्', 'में'], misses: ['हन्दी', 'हिन्दा'] },
    { text: 'আমি বাংলায় গান গাই', finds: ['বাংলায়', 'গান', 'গাই'], misses: ['গন'] },
    { text: 'தமிழ் வாழ்க', finds: ['தமிழ்', 'தமிழ', 'வாழ்க'], misses: ['தமழ'] },
    { text: 'क्रमांक १२३', finds: ['123', '१२३', 'क्रमांक'] },
    { text: 'བོད་ཡིག་ནི་', finds: ['བོད', 'ཡིག', 'བོད་ཡིག', 'ནི'], misses: ['བད'] },
  ],
  'Thai, Lao, Khmer and Burmese': [
    {
      text: 'ฉันรักภาษาไทยมาก',
      finds: ['ภาษาไทย', 'ภาษา', 'ไทย', 'รัก', 'มาก', 'ฉันรัก', 'รักภาษา'],
      misses: ['ไทยภาษา', 'รก', 'เขมร'],
    },
    { text: 'น้ำส้มสองแก้ว ห้อง๒๐๑', finds: ['น้ำ', 'น้ำส้ม', 'แก้ว', '201', '๒๐๑', 'ห้อง 201'], misses: ['แกว'] },
    { text: 'ຂ້ອຍຮັກພາສາລາວ', finds: ['ພາສາລາວ', 'ລາວ', 'ຮັກ'], misses: ['ລາວພາ'] },
    { text: 'ខ្ញុំស្រឡាញ់ភាសាខ្មែរ', finds: ['ភាសាខ្មែរ', 'ខ្មែរ', 'ភាសា'], misses: ['ខ្មែរភាសា'] },
    { text: 'ကျွန်တော်မြန်မာစာသင်နေတယ်', finds: ['မြန်မာ', 'မြန်မာစာ', 'သင်', 'တယ်'], misses: ['စာမြန်မာ'] },
    { text: 'ไปกินsushiกันนะ', finds: ['sushi', 'กิน', 'กันนะ', 'กินsushi', 'sush'] },
  ],
  'Chinese, Japanese and Korean': [
    {
      text: '我在北京大学学习，很开心',
      finds: ['北京', '京大', '大学学习', '开心', '北', '北京 开心'],
      misses: ['京北', '东京'],
    },
    { text: '吃𠮷野家的𠮷', finds: ['𠮷野', '野家', '𠮷'] },
    {
      text: '佐々木さんとガーデンへ',
      finds: ['佐々木', 'さんと', 'ガーデン', 'ｶﾞｰﾃﾞﾝ', 'ガー'],
      misses: ['木佐々', 'カーテン', 'かーてん'],
    },
    { text: 'ㄅㄆㄇ注音', finds: ['ㄅㄆ', '注音', 'ㄆㄇ'] },
    { text: '㍿ﾊﾝﾊﾞｰｶﾞｰ ㎏', finds: ['株式会社', 'ハンバーガー', 'ﾊﾝﾊﾞｰ', 'kg'], misses: ['ハンハー'] },
    {
      text: '한국어를 배워요',
      finds: ['한국', '국어', '한국어', '한구', '하', '배워', '한국어를', '배'],
    },
    {
      text: '안녕하세요'.normalize('NFD'),
      finds: ['안녕', '하세요', '안녀', '안녕'.normalize('NFD')],
      misses: ['안영', '녕안'],
    },
    { text: 'ㅋㅋㅋ 진짜?', finds: ['ㅋㅋ', '진짜', '진짜?', '진'], misses: ['ㅎㅎ'] },
  ],
  'widths, ligatures, symbols and emoji': [
    { text: 'Ｆｕｌｌ　Ｗｉｄｔｈ１２３', finds: ['full', 'width123', 'Ｗｉｄｔｈ', 'width'], misses: ['123'] },
    { text: 'ﬁnal eﬀort, oﬃce', finds: ['final', 'effort', 'office', 'FINAL', 'ﬁn'] },
    { text: 'Ⅷ chapters, ① item, H₂O, x² + ½', finds: ['viii', '1', 'h2o', 'x2', 'item'] },
    { text: '𝕸𝖆𝖙𝖍 𝐛𝐨𝐥𝐝 ⓒⓘⓡⓒⓛⓔ', finds: ['math', 'bold', 'circle'] },
    {
      text: 'launch 👩‍🚀🚀 day 👍🏽done',
      finds: ['launch', 'day', 'done', 'launch day', 'launch👩‍🚀day', '👩‍🚀', '👍'],
      misses: ['👎'],
    },
    { text: 'press 1️⃣ or #️⃣ now', finds: ['1', '1️⃣', 'press 1', 'now', '#️⃣', '#⃣'], misses: ['2', '*️⃣'] },
    { text: 'flags 🇩🇪 and ™ marks', finds: ['flags', 'tm', 'marks', '🇩🇪', '™'], misses: ['de', '🇩', '🇪🇩', '🇫🇷'] },
  ],
  emoji: [
    { text: 'ok👍🏽', finds: ['👍', '👍🏿', 'ok 👍', '👍 ok'], misses: ['👎', '🏽'] },
    { text: 'one ❤ two ☺︎', finds: ['❤️', '❤', '☺️', 'one ❤️'], misses: ['💔'] },
    { text: 'we 👨‍👩‍👧 are', finds: ['👨‍👩‍👧', '👨', '👩', '👧', 'we 👧'], misses: ['👨‍👩‍👦', '👦', '👩‍👧'] },
    { text: '👨👩👧', finds: ['👨', '👧👨'], misses: ['👨‍👩‍👧'] },
    { text: '👩🏽‍🚀起飞🚀', finds: ['👩‍🚀', '👩🏿‍🚀', '🚀', '起飞🚀'], misses: ['👨‍🚀'] },
    { text: 'go 🏴󠁧󠁢󠁥󠁮󠁧󠁿 and 🇨🇳🇯🇵', finds: ['🏴󠁧󠁢󠁥󠁮󠁧󠁿', '🇨🇳', '🇯🇵', '🇯🇵🇨🇳'], misses: ['🏴󠁧󠁢󠁳󠁣󠁴󠁿', '🇳🇯'] },
  ],
  'numbers, addresses and identifiers': [
    {
      text: 'costs 1,234.56 EUR or 1 000',
      finds: ['1,234.56', '1,234', '234', '56', '1 000', 'eur'],
      misses: ['1234'],
    },
    { text: 'call +49 30 901820 at 14:30', finds: ['901820', '+49 30 901820', '9018', '14:30'], misses: ['1820'] },
    {
      text: 'see https://example.org/docs/api?page=2#intro',
      finds: ['example.org', 'https://example.org/docs/api', 'docs', 'intro', 'exam'],
      misses: ['xample'],
    },
    {
      text: 'write to ann.smith+chat@mail.example.com',
      finds: ['ann.smith+chat@mail.example.com', 'ann.smith', 'mail.example', 'smith', '@mail'],
    },
    {
      text: 'rename user_name_id to getUserName()',
      finds: ['user_name_id', 'user_name', 'name', 'getUserName', 'getuser', 'GETUSERNAME'],
      misses: ['username'],
    },
    {
      text: 'well-known state-of-the-art',
      finds: ['well-known', 'well known', 'known', 'state-of', 'art'],
      misses: ['wellknown'],
    },
    {
      text: 'don’t ask O’Brien, it’s l’homme',
      finds: ["don't", 'don’t', "o'brien", 'brien', "l'homme", 'homme'],
      misses: ['dont'],
    },
    { text: 'C++ and C# in v2.10.3, 3D', finds: ['c++', 'v2.10.3', 'v2', '3d'] },
  ],
  'beginnings and whole words': [
    {
      text: 'the paragraph about concatenation',
      finds: ['para', 'paragraph', 'the para', 'concat', 'PARAG', 'about con'],
      misses: ['graph', 'para the', 'p', 'cat', 'paragraphs'],
    },
    { text: 'мы читаем параграф', finds: ['пара', 'чита', 'читаем пара'], misses: ['граф', 'пара читаем'] },
    {
      text: 'iPhone手机壳和Android手机',
      finds: ['iphone', 'andr', '手机壳', 'iphone手机', '手机 andr', '壳'],
      misses: ['phone', '机手'],
    },
    { text: 'Привет hello مرحبا 你好 สวัสดี', finds: ['привет hello', 'hello 你好', 'สวัสดี', '你好 مرحبا', 'สวั прив'] },
  ],
};

/** Texts in the order in which a query ranks them. The first is indexed first, so that recency contradicts the rank. */
export const RANKED: readonly { query: string; inOrder: readonly string[] }[] = [
  { query: 'café', inOrder: ['one café', 'a cafe', 'CAFETERIA'] },
  { query: 'cafe', inOrder: ['the CAFE', 'my cafe\u0301', 'CAFÉS'] },
  { query: 'résumé', inOrder: ['Résumé sent', 'resume the work'] },
  { query: 'para', inOrder: ['para dos', 'paragraph'] },
  { query: 'istanbul', inOrder: ['istanbul one', 'İstanbul two'] },
  { query: 'مرحبا', inOrder: ['مرحبا', 'مَرْحَبًا'] },
  { query: 'שָׁלוֹם', inOrder: ['שָׁלוֹם', 'שלום'] },
  { query: 'ещё', inOrder: ['Ещё раз', 'еще раз'] },
  { query: '배우', inOrder: ['배우', '배운다'] },
  { query: 'ŁÓDŹ', inOrder: ['łódź', 'lodz'] },
  { query: '305', inOrder: ['room 305', 'غرفة ٣٠٥'] },
];
