// A letter and the marks behind it as one letter.
#include "compose.h"
#include <uchar.h>

// Of each mark its class, and the letters it makes another of, each with that other behind it.
static const struct mark { uint16_t mark; uint8_t class; const char16_t *pair; } marks[] = {
	{0x300, 230, u"AÀEÈIÌOÒUÙaàeèiìoòuùÜǛüǜNǸnǹЕЀИЍеѐиѝĒḔēḕŌṐōṑWẀwẁÂẦâầĂẰăằÊỀêềÔỒôồƠỜơờƯỪưừYỲyỳἀἂἁἃἈἊἉἋἐἒἑἓἘἚἙἛἠἢἡἣἨἪἩἫἰἲἱἳἸἺἹἻὀὂὁὃὈὊὉὋὐὒὑὓ"
		u"ὙὛὠὢὡὣὨὪὩὫαὰεὲηὴιὶοὸυὺωὼΑᾺΕῈΗῊ᾿῍ϊῒΙῚ῾῝ϋῢΥῪ¨῭ΟῸΩῺ"},
	{0x301, 230, u"AÁEÉIÍOÓUÚYÝaáeéiíoóuúyýCĆcćLĹlĺNŃnńRŔrŕSŚsśZŹzźÜǗüǘGǴgǵÅǺåǻÆǼæǽØǾøǿ¨΅ΑΆΕΈΗΉΙΊΟΌΥΎΩΏϊΐαάεέηήιίϋΰοόυύωώϒϓГЃКЌгѓкќÇḈçḉĒḖēḗ"
		u"ÏḮïḯKḰkḱMḾmḿÕṌõṍŌṒōṓPṔpṕŨṸũṹWẂwẃÂẤâấĂẮăắÊẾêếÔỐôốƠỚơớƯỨưứἀἄἁἅἈἌἉἍἐἔἑἕἘἜἙἝἠἤἡἥἨἬἩἭἰἴἱἵἸἼἹἽὀὄὁὅὈὌὉὍὐὔὑὕὙὝὠὤὡὥὨὬὩὭ᾿῎῾῞"},
	{0x302, 230, u"AÂEÊIÎOÔUÛaâeêiîoôuûCĈcĉGĜgĝHĤhĥJĴjĵSŜsŝWŴwŵYŶyŷZẐzẑẠẬạậẸỆẹệỌỘọộ"},
	{0x303, 230, u"AÃNÑOÕaãnñoõIĨiĩUŨuũVṼvṽÂẪâẫĂẴăẵEẼeẽÊỄêễÔỖôỗƠỠơỡƯỮưữYỸyỹ"},
	{0x304, 230, u"AĀaāEĒeēIĪiīOŌoōUŪuūÜǕüǖÄǞäǟȦǠȧǡÆǢæǣǪǬǫǭÖȪöȫÕȬõȭȮȰȯȱYȲyȳИӢиӣУӮуӯGḠgḡḶḸḷḹṚṜṛṝαᾱΑᾹιῑΙῙυῡΥῩ"},
	{0x306, 230, u"AĂaăEĔeĕGĞgğIĬiĭOŎoŏUŬuŭУЎИЙийуўЖӁжӂАӐаӑЕӖеӗȨḜȩḝẠẶạặαᾰΑᾸιῐΙῘυῠΥῨ"},
	{0x307, 230, u"CĊcċEĖeėGĠgġIİZŻzżAȦaȧOȮoȯBḂbḃDḊdḋFḞfḟHḢhḣMṀmṁNṄnṅPṖpṗRṘrṙSṠsṡŚṤśṥŠṦšṧṢṨṣṩTṪtṫWẆwẇXẊxẋYẎyẏſẛ"},
	{0x308, 230, u"AÄEËIÏOÖUÜaäeëiïoöuüyÿYŸΙΪΥΫιϊυϋϒϔЕЁІЇеёіїАӒаӓӘӚәӛЖӜжӝЗӞзӟИӤиӥОӦоӧӨӪөӫЭӬэӭУӰуӱЧӴчӵЫӸыӹHḦhḧÕṎõṏŪṺūṻWẄwẅXẌxẍtẗ"},
	{0x309, 230, u"AẢaảÂẨâẩĂẲăẳEẺeẻÊỂêểIỈiỉOỎoỏÔỔôổƠỞơởUỦuủƯỬưửYỶyỷ"},
	{0x30a, 230, u"AÅaåUŮuůwẘyẙ"},
	{0x30b, 230, u"OŐoőUŰuűУӲуӳ"},
	{0x30c, 230, u"CČcčDĎdďEĚeěLĽlľNŇnňRŘrřSŠsšTŤtťZŽzžAǍaǎIǏiǐOǑoǒUǓuǔÜǙüǚGǦgǧKǨkǩƷǮʒǯjǰHȞhȟ"},
	{0x30f, 230, u"AȀaȁEȄeȅIȈiȉOȌoȍRȐrȑUȔuȕѴѶѵѷ"},
	{0x311, 230, u"AȂaȃEȆeȇIȊiȋOȎoȏRȒrȓUȖuȗ"},
	{0x313, 230, u"αἀΑἈεἐΕἘηἠΗἨιἰΙἸοὀΟὈυὐωὠΩὨρῤ"},
	{0x314, 230, u"αἁΑἉεἑΕἙηἡΗἩιἱΙἹοὁΟὉυὑΥὙωὡΩὩρῥΡῬ"},
	{0x31b, 216, u"OƠoơUƯuư"},
	{0x323, 220, u"BḄbḅDḌdḍHḤhḥKḲkḳLḶlḷMṂmṃNṆnṇRṚrṛSṢsṣTṬtṭVṾvṿWẈwẉZẒzẓAẠaạEẸeẹIỊiịOỌoọƠỢơợUỤuụƯỰưựYỴyỵ"},
	{0x324, 220, u"UṲuṳ"},
	{0x325, 220, u"AḀaḁ"},
	{0x326, 220, u"SȘsșTȚtț"},
	{0x327, 202, u"CÇcçGĢgģKĶkķLĻlļNŅnņRŖrŗSŞsşTŢtţEȨeȩDḐdḑHḨhḩ"},
	{0x328, 202, u"AĄaąEĘeęIĮiįUŲuųOǪoǫ"},
	{0x32d, 220, u"DḒdḓEḘeḙLḼlḽNṊnṋTṰtṱUṶuṷ"},
	{0x32e, 220, u"HḪhḫ"},
	{0x330, 220, u"EḚeḛIḬiḭUṴuṵ"},
	{0x331, 220, u"BḆbḇDḎdḏKḴkḵLḺlḻNṈnṉRṞrṟTṮtṯZẔzẕhẖ"},
	{0x338, 1, u"←↚→↛↔↮⇐⇍⇔⇎⇒⇏∃∄∈∉∋∌∣∤∥∦∼≁≃≄≅≇≈≉=≠≡≢≍≭<≮>≯≤≰≥≱≲≴≳≵≶≸≷≹≺⊀≻⊁⊂⊄⊃⊅⊆⊈⊇⊉⊢⊬⊨⊭⊩⊮⊫⊯≼⋠≽⋡⊑⋢⊒⋣⊲⋪⊳⋫⊴⋬⊵⋭"},
	{0x342, 230, u"ἀἆἁἇἈἎἉἏἠἦἡἧἨἮἩἯἰἶἱἷἸἾἹἿὐὖὑὗὙὟὠὦὡὧὨὮὩὯαᾶ¨῁ηῆ᾿῏ιῖϊῗ῾῟υῦϋῧωῶ"},
	{0x345, 240, u"ἀᾀἁᾁἂᾂἃᾃἄᾄἅᾅἆᾆἇᾇἈᾈἉᾉἊᾊἋᾋἌᾌἍᾍἎᾎἏᾏἠᾐἡᾑἢᾒἣᾓἤᾔἥᾕἦᾖἧᾗἨᾘἩᾙἪᾚἫᾛἬᾜἭᾝἮᾞἯᾟὠᾠὡᾡὢᾢὣᾣὤᾤὥᾥὦᾦὧᾧὨᾨὩᾩὪᾪὫᾫὬᾬὭᾭὮᾮὯᾯὰᾲαᾳάᾴᾶᾷΑᾼὴῂηῃήῄῆῇΗῌὼῲωῳ"
		u"ώῴῶῷΩῼ"},
	{0x3099, 8, u"かがきぎくぐけげこごさざしじすずせぜそぞただちぢつづてでとどはばひびふぶへべほぼうゔゝゞカガキギクグケゲコゴサザシジスズセゼソゾタダチヂツヅテデトドハバヒビフブヘベホボウヴワヷヰヸヱヹヲヺヽヾ"},
	{0x309a, 8, u"はぱひぴふぷへぺほぽハパヒピフプヘペホポ"},
};
enum { MARKS = sizeof marks / sizeof *marks, CLASS_OTHER = 255 };
enum { L_FIRST = 0x1100, L_COUNT = 19, V_FIRST = 0x1161, V_COUNT = 21, T_BEFORE = 0x11a7, T_COUNT = 28, SYLLABLES = 0xac00 };

static bool vowel(uint32_t c) { return c >= V_FIRST && c < V_FIRST + V_COUNT; }
static bool tail(uint32_t c) { return c > T_BEFORE && c < T_BEFORE + T_COUNT; }

bool compose_mark(uint32_t c) { return c >= 0x300 && (c < 0x370 || c == 0x3099 || c == 0x309a || vowel(c) || tail(c)); }

static const struct mark *mark_of(uint32_t c)
{
	for (size_t i = 0; i < MARKS; i++)
		if (marks[i].mark == c) return &marks[i];
	return NULL;
}

// Marks of one class stand in each other's way. 0: of those that are letters themselves.
static int class_of(uint32_t c)
{
	const struct mark *m = mark_of(c);
	return m ? m->class : vowel(c) || tail(c) ? 0 : CLASS_OTHER;
}

static uint32_t syllable(uint32_t a, uint32_t b)
{
	if (vowel(b) && a >= L_FIRST && a < L_FIRST + L_COUNT) return SYLLABLES + ((a - L_FIRST) * V_COUNT + b - V_FIRST) * T_COUNT;
	if (tail(b) && a >= SYLLABLES && a < SYLLABLES + L_COUNT * V_COUNT * T_COUNT && (a - SYLLABLES) % T_COUNT == 0) return a + b - T_BEFORE;
	return 0;
}

static uint32_t both(uint32_t a, uint32_t b)
{
	const struct mark *m = mark_of(b);
	for (const char16_t *p = m ? m->pair : u""; *p; p += 2)
		if (p[0] == a) return p[1];
	return syllable(a, b);
}

// Marks that are another by their meaning.
static size_t apart_mark(uint32_t c, uint32_t *to)
{
	if (c == 0x344) return to[0] = 0x308, to[1] = 0x301, 2;
	return *to = c == 0x340 ? 0x300 : c == 0x341 ? 0x301 : c == 0x343 ? 0x313 : c, 1;
}

// A letter that is one with marks already, taken apart: a mark behind it may belong below them.
static size_t apart(uint32_t c, uint32_t *to)
{
	for (size_t i = 0; c >= 0xc0 && i < MARKS; i++) {
		for (const char16_t *p = marks[i].pair; *p; p += 2) {
			if (p[1] != c) continue;
			size_t n = apart(p[0], to);
			return to[n] = marks[i].mark, n + 1;
		}
	}
	return *to = c, 1;
}

// By their class, and else as they stand. What is a letter itself stays where it is.
static void sort_marks(uint32_t *c, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		uint32_t one = c[i];
		size_t k = i;
		for (int class = class_of(one); class && k > 1 && class_of(c[k - 1]) > class; k--) c[k] = c[k - 1];
		c[k] = one;
	}
}

size_t compose(uint32_t *c, size_t n)
{
	uint32_t all[COMPOSE_ROOM];
	size_t count = 0, left = 1;
	if (n < 2) return n;
	for (size_t i = 0; i < n; i++) count += i ? apart_mark(c[i], all + count) : apart(c[i], all + count);
	sort_marks(all, count);
	c[0] = all[0];
	for (size_t i = 1; i < count; i++) {
		bool blocked = left > 1 && class_of(c[left - 1]) >= class_of(all[i]);
		uint32_t one = blocked ? 0 : both(c[0], all[i]);
		if (one) c[0] = one;
		else c[left++] = all[i];
	}
	return left;
}
