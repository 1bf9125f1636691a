// Country names and codes, and what an address needs there: one line a country.
#include "country.h"

enum { N = 1, R = 2 }; // N: no postcodes there, or none that people use; R: a state or province is part of an address

// ISO 3166-1 with its short English names, and XK, which ISO leaves to users and everybody uses. Behind them the names
// that channels and people write, in any case, with or without accents and stops. "Channel Islands" is no country of
// ISO's: it stands for Jersey, the larger; the postcode tells Guernsey.
static const struct { char code[3], three[4]; unsigned char flags; const char *name, *others; } countries[] = {
	{"AD", "AND", 0, "Andorra", NULL},
	{"AE", "ARE", N|R, "United Arab Emirates", "UAE|Emirates|Emiratos Árabes Unidos"},
	{"AF", "AFG", 0, "Afghanistan", "Afganistán"},
	{"AG", "ATG", N, "Antigua and Barbuda", NULL},
	{"AI", "AIA", 0, "Anguilla", NULL},
	{"AL", "ALB", 0, "Albania", NULL},
	{"AM", "ARM", 0, "Armenia", NULL},
	{"AO", "AGO", N, "Angola", NULL},
	{"AQ", "ATA", N, "Antarctica", NULL},
	{"AR", "ARG", R, "Argentina", NULL},
	{"AS", "ASM", 0, "American Samoa", NULL},
	{"AT", "AUT", 0, "Austria", "Österreich|Autriche"},
	{"AU", "AUS", R, "Australia", "Commonwealth of Australia|Australien"},
	{"AW", "ABW", N, "Aruba", NULL},
	{"AX", "ALA", 0, "Åland Islands", "Aland"},
	{"AZ", "AZE", 0, "Azerbaijan", "Azerbaiyán"},
	{"BA", "BIH", 0, "Bosnia and Herzegovina", "Bosnia|Bosnia Herzegovina|Bosnia y Herzegovina"},
	{"BB", "BRB", 0, "Barbados", NULL},
	{"BD", "BGD", 0, "Bangladesh", "Bangladés"},
	{"BE", "BEL", 0, "Belgium", "Belgique|België|Belgien|Bélgica"},
	{"BF", "BFA", N, "Burkina Faso", NULL},
	{"BG", "BGR", 0, "Bulgaria", "България"},
	{"BH", "BHR", 0, "Bahrain", "Baréin"},
	{"BI", "BDI", N, "Burundi", NULL},
	{"BJ", "BEN", N, "Benin", "Benín"},
	{"BL", "BLM", 0, "Saint Barthélemy", "St Barthelemy|St Barts"},
	{"BM", "BMU", 0, "Bermuda", NULL},
	{"BN", "BRN", 0, "Brunei", "Brunei Darussalam"},
	{"BO", "BOL", N, "Bolivia", "Bolivia Plurinational State of|Plurinational State of Bolivia"},
	{"BQ", "BES", N, "Caribbean Netherlands", "Bonaire Sint Eustatius and Saba|Bonaire"},
	{"BR", "BRA", R, "Brazil", "Brasil|Brasilien"},
	{"BS", "BHS", N, "Bahamas", NULL},
	{"BT", "BTN", 0, "Bhutan", "Bután"},
	{"BV", "BVT", N, "Bouvet Island", NULL},
	{"BW", "BWA", N, "Botswana", "Botsuana"},
	{"BY", "BLR", 0, "Belarus", "Byelorussia|Bielorrusia"},
	{"BZ", "BLZ", N, "Belize", "Belice"},
	{"CA", "CAN", R, "Canada", "Kanada|Canadá"},
	{"CC", "CCK", 0, "Cocos Islands", "Cocos (Keeling) Islands|Keeling Islands"},
	{"CD", "COD", N, "Congo (Kinshasa)", "Congo The Democratic Republic of the|Democratic Republic of the Congo|"
		"Democratic Republic of Congo|DRC|DR Congo|Congo Democratic Republic|Zaire|Congo Kinshasa|"
		"República Democrática del Congo"},
	{"CF", "CAF", N, "Central African Republic", "República Centroafricana"},
	{"CG", "COG", N, "Congo (Brazzaville)", "Congo|Republic of the Congo|Republic of Congo|República del Congo"},
	{"CH", "CHE", 0, "Switzerland", "Schweiz|Suisse|Svizzera|Suiza|Swiss Confederation"},
	{"CI", "CIV", N, "Côte d'Ivoire", "Ivory Coast|Costa de Marfil"},
	{"CK", "COK", N, "Cook Islands", NULL},
	{"CL", "CHL", 0, "Chile", "Republic of Chile"},
	{"CM", "CMR", N, "Cameroon", "Camerún|Cameroun"},
	{"CN", "CHN", R, "China", "PRC|Peoples Republic of China|Mainland China|C2|中国"},
	{"CO", "COL", R, "Colombia", NULL},
	{"CR", "CRI", 0, "Costa Rica", NULL},
	{"CU", "CUB", 0, "Cuba", NULL},
	{"CV", "CPV", 0, "Cabo Verde", "Cape Verde"},
	{"CW", "CUW", N, "Curaçao", "Curazao"},
	{"CX", "CXR", 0, "Christmas Island", NULL},
	{"CY", "CYP", 0, "Cyprus", "Chipre"},
	{"CZ", "CZE", 0, "Czechia", "Czech Republic|Česko|Česká republika|Tschechien|República Checa"},
	{"DE", "DEU", 0, "Germany", "Deutschland|Alemania|Allemagne|Germania|Federal Republic of Germany|BRD"},
	{"DJ", "DJI", N, "Djibouti", "Yibuti"},
	{"DK", "DNK", 0, "Denmark", "Danmark|Dinamarca"},
	{"DM", "DMA", N, "Dominica", NULL},
	{"DO", "DOM", 0, "Dominican Republic", "República Dominicana|Dominican Rep"},
	{"DZ", "DZA", 0, "Algeria", "Argelia|Algérie"},
	{"EC", "ECU", 0, "Ecuador", NULL},
	{"EE", "EST", 0, "Estonia", "Eesti"},
	{"EG", "EGY", 0, "Egypt", "Egipto"},
	{"EH", "ESH", 0, "Western Sahara", "Sáhara Occidental"},
	{"ER", "ERI", N, "Eritrea", NULL},
	{"ES", "ESP", 0, "Spain", "España|Spanien|Espagne|Spagna"},
	{"ET", "ETH", 0, "Ethiopia", "Etiopía"},
	{"FI", "FIN", 0, "Finland", "Suomi|Finlandia|Finnland"},
	{"FJ", "FJI", N, "Fiji", NULL},
	{"FK", "FLK", 0, "Falkland Islands", "Falkland Islands Malvinas|Islas Malvinas"},
	{"FM", "FSM", 0, "Micronesia", "Micronesia Federated States of|Federated States of Micronesia"},
	{"FO", "FRO", 0, "Faroe Islands", NULL},
	{"FR", "FRA", 0, "France", "Francia|Frankreich|Metropolitan France"},
	{"GA", "GAB", N, "Gabon", "Gabón"},
	{"GB", "GBR", 0, "United Kingdom", "UK|Great Britain|Britain|England|Scotland|Wales|Northern Ireland|"
		"United Kingdom of Great Britain and Northern Ireland|Reino Unido|Royaume-Uni|Vereinigtes Königreich|XI"},
	{"GD", "GRD", N, "Grenada", NULL},
	{"GE", "GEO", 0, "Georgia", NULL},
	{"GF", "GUF", 0, "French Guiana", "Guayana Francesa"},
	{"GG", "GGY", 0, "Guernsey", NULL},
	{"GH", "GHA", N, "Ghana", NULL},
	{"GI", "GIB", 0, "Gibraltar", NULL},
	{"GL", "GRL", 0, "Greenland", NULL},
	{"GM", "GMB", N, "Gambia", "The Gambia|República de Gambia"},
	{"GN", "GIN", 0, "Guinea", NULL},
	{"GP", "GLP", 0, "Guadeloupe", "Guadalupe"},
	{"GQ", "GNQ", N, "Equatorial Guinea", "Guinea Ecuatorial"},
	{"GR", "GRC", 0, "Greece", "EL|Hellas|Grecia|Griechenland|Ελλάδα"},
	{"GS", "SGS", 0, "South Georgia", "South Georgia and the South Sandwich Islands"},
	{"GT", "GTM", 0, "Guatemala", NULL},
	{"GU", "GUM", 0, "Guam", NULL},
	{"GW", "GNB", 0, "Guinea-Bissau", NULL},
	{"GY", "GUY", N, "Guyana", NULL},
	{"HK", "HKG", N, "Hong Kong", "Hong Kong SAR|Hong Kong SAR China|Hongkong"},
	{"HM", "HMD", 0, "Heard and McDonald Islands", "Heard Island and McDonald Islands"},
	{"HN", "HND", 0, "Honduras", NULL},
	{"HR", "HRV", 0, "Croatia", "Hrvatska|Croacia|Kroatien"},
	{"HT", "HTI", 0, "Haiti", "Haití"},
	{"HU", "HUN", 0, "Hungary", "Magyarország|Hungría|Ungarn"},
	{"ID", "IDN", R, "Indonesia", NULL},
	{"IE", "IRL", 0, "Ireland", "Eire|Republic of Ireland|Irlanda"},
	{"IL", "ISR", 0, "Israel", NULL},
	{"IM", "IMN", 0, "Isle of Man", NULL},
	{"IN", "IND", R, "India", "Bharat|Republic of India"},
	{"IO", "IOT", 0, "British Indian Ocean Territory", NULL},
	{"IQ", "IRQ", 0, "Iraq", "Irak"},
	{"IR", "IRN", 0, "Iran", "Iran Islamic Republic of|Islamic Republic of Iran|Irán"},
	{"IS", "ISL", 0, "Iceland", "Ísland|Iceland"},
	{"IT", "ITA", 0, "Italy", "Italia|Italien|Italie"},
	{"JE", "JEY", 0, "Jersey", "Channel Islands"},
	{"JM", "JAM", N, "Jamaica", NULL},
	{"JO", "JOR", 0, "Jordan", "Jordania"},
	{"JP", "JPN", R, "Japan", "日本|Japón|Japon"},
	{"KE", "KEN", 0, "Kenya", "Kenia"},
	{"KG", "KGZ", 0, "Kyrgyzstan", "Kirguistán|Kyrgyz Republic"},
	{"KH", "KHM", 0, "Cambodia", "Camboya"},
	{"KI", "KIR", N, "Kiribati", NULL},
	{"KM", "COM", N, "Comoros", NULL},
	{"KN", "KNA", N, "Saint Kitts and Nevis", "St Kitts and Nevis|Saint Kitts"},
	{"KP", "PRK", N, "North Korea", "DPRK|Korea North|Korea Democratic Peoples Republic of|"
		"Democratic Peoples Republic of Korea"},
	{"KR", "KOR", 0, "South Korea", "Korea|Republic of Korea|Korea South|Korea Republic of|Corea del Sur|대한민국"},
	{"KW", "KWT", 0, "Kuwait", NULL},
	{"KY", "CYM", 0, "Cayman Islands", "Caymans"},
	{"KZ", "KAZ", 0, "Kazakhstan", "Kazajistán"},
	{"LA", "LAO", 0, "Laos", "Lao Peoples Democratic Republic|Lao PDR|Lao"},
	{"LB", "LBN", 0, "Lebanon", "Líbano"},
	{"LC", "LCA", 0, "Saint Lucia", "St Lucia"},
	{"LI", "LIE", 0, "Liechtenstein", NULL},
	{"LK", "LKA", 0, "Sri Lanka", NULL},
	{"LR", "LBR", 0, "Liberia", NULL},
	{"LS", "LSO", 0, "Lesotho", "Lesoto"},
	{"LT", "LTU", 0, "Lithuania", "Lietuva|Lituania"},
	{"LU", "LUX", 0, "Luxembourg", "Luxemburg|Luxemburgo"},
	{"LV", "LVA", 0, "Latvia", "Latvija"},
	{"LY", "LBY", N, "Libya", "Libia|Libyan Arab Jamahiriya"},
	{"MA", "MAR", 0, "Morocco", "Marruecos|Maroc"},
	{"MC", "MCO", 0, "Monaco", NULL},
	{"MD", "MDA", 0, "Moldova", "Moldova Republic of|Republic of Moldova|Moldavia"},
	{"ME", "MNE", 0, "Montenegro", NULL},
	{"MF", "MAF", 0, "Saint Martin", "St Martin|Saint Martin French part"},
	{"MG", "MDG", 0, "Madagascar", NULL},
	{"MH", "MHL", 0, "Marshall Islands", NULL},
	{"MK", "MKD", 0, "North Macedonia", "Macedonia|FYROM|The former Yugoslav Republic of Macedonia|"
		"Republic of North Macedonia"},
	{"ML", "MLI", N, "Mali", NULL},
	{"MM", "MMR", 0, "Myanmar", "Burma|Birmania|Myanmar (Burma)|Myanmar (Birmania)"},
	{"MN", "MNG", 0, "Mongolia", NULL},
	{"MO", "MAC", N, "Macao", "Macau|Macau SAR|Macao SAR China"},
	{"MP", "MNP", 0, "Northern Mariana Islands", NULL},
	{"MQ", "MTQ", 0, "Martinique", "Martinica"},
	{"MR", "MRT", N, "Mauritania", NULL},
	{"MS", "MSR", 0, "Montserrat", NULL},
	{"MT", "MLT", 0, "Malta", NULL},
	{"MU", "MUS", 0, "Mauritius", NULL},
	{"MV", "MDV", 0, "Maldives", NULL},
	{"MW", "MWI", N, "Malawi", NULL},
	{"MX", "MEX", R, "Mexico", "México|Mexiko|Estados Unidos Mexicanos"},
	{"MY", "MYS", R, "Malaysia", "Malasia"},
	{"MZ", "MOZ", 0, "Mozambique", NULL},
	{"NA", "NAM", 0, "Namibia", NULL},
	{"NC", "NCL", 0, "New Caledonia", NULL},
	{"NE", "NER", 0, "Niger", "Níger"},
	{"NF", "NFK", 0, "Norfolk Island", NULL},
	{"NG", "NGA", 0, "Nigeria", NULL},
	{"NI", "NIC", 0, "Nicaragua", NULL},
	{"NL", "NLD", 0, "Netherlands", "Holland|Nederland|Niederlande|Pays-Bas|Países Bajos|Kingdom of the Netherlands"},
	{"NO", "NOR", 0, "Norway", "Norge|Noruega|Norwegen"},
	{"NP", "NPL", 0, "Nepal", NULL},
	{"NR", "NRU", N, "Nauru", NULL},
	{"NU", "NIU", N, "Niue", NULL},
	{"NZ", "NZL", 0, "New Zealand", "Nueva Zelanda|Aotearoa|Neuseeland"},
	{"OM", "OMN", 0, "Oman", "Omán"},
	{"PA", "PAN", N, "Panama", "Panamá"},
	{"PE", "PER", 0, "Peru", "Perú"},
	{"PF", "PYF", 0, "French Polynesia", NULL},
	{"PG", "PNG", 0, "Papua New Guinea", "Papúa Nueva Guinea"},
	{"PH", "PHL", 0, "Philippines", "Filipinas|Philippinen|Pilipinas"},
	{"PK", "PAK", 0, "Pakistan", "Pakistán"},
	{"PL", "POL", 0, "Poland", "Polska|Polonia|Polen"},
	{"PM", "SPM", 0, "Saint Pierre and Miquelon", "St Pierre and Miquelon"},
	{"PN", "PCN", 0, "Pitcairn Islands", "Pitcairn"},
	{"PR", "PRI", 0, "Puerto Rico", NULL},
	{"PS", "PSE", 0, "Palestine", "Palestine State of|State of Palestine|Palestinian Territory|Palestinian Territories|"
		"Palestinian Territory Occupied"},
	{"PT", "PRT", 0, "Portugal", "Portuguese Republic"},
	{"PW", "PLW", 0, "Palau", NULL},
	{"PY", "PRY", 0, "Paraguay", NULL},
	{"QA", "QAT", N, "Qatar", NULL},
	{"RE", "REU", 0, "Réunion", NULL},
	{"RO", "ROU", 0, "Romania", "România|Rumania"},
	{"RS", "SRB", 0, "Serbia", NULL},
	{"RU", "RUS", 0, "Russia", "Russian Federation|Rusia|Россия"},
	{"RW", "RWA", N, "Rwanda", "Ruanda"},
	{"SA", "SAU", 0, "Saudi Arabia", "KSA|Kingdom of Saudi Arabia|Arabia Saudí|Arabia Saudita"},
	{"SB", "SLB", N, "Solomon Islands", NULL},
	{"SC", "SYC", N, "Seychelles", NULL},
	{"SD", "SDN", 0, "Sudan", "Sudán"},
	{"SE", "SWE", 0, "Sweden", "Sverige|Suecia|Schweden"},
	{"SG", "SGP", 0, "Singapore", "Singapur"},
	{"SH", "SHN", 0, "Saint Helena", "St Helena|Saint Helena Ascension and Tristan da Cunha"},
	{"SI", "SVN", 0, "Slovenia", "Slovenija|Eslovenia"},
	{"SJ", "SJM", 0, "Svalbard and Jan Mayen", "Svalbard"},
	{"SK", "SVK", 0, "Slovakia", "Slovak Republic|Slovensko|Eslovaquia"},
	{"SL", "SLE", N, "Sierra Leone", "Sierra Leona"},
	{"SM", "SMR", 0, "San Marino", NULL},
	{"SN", "SEN", 0, "Senegal", NULL},
	{"SO", "SOM", N, "Somalia", NULL},
	{"SR", "SUR", N, "Suriname", "Surinam"},
	{"SS", "SSD", N, "South Sudan", "Sudán del Sur"},
	{"ST", "STP", N, "Sao Tome and Principe", "São Tomé and Príncipe|Sao Tome"},
	{"SV", "SLV", 0, "El Salvador", NULL},
	{"SX", "SXM", N, "Sint Maarten", "St Maarten|Sint Maarten Dutch part"},
	{"SY", "SYR", N, "Syria", "Syrian Arab Republic|Siria"},
	{"SZ", "SWZ", 0, "Eswatini", "Swaziland|Suazilandia"},
	{"TC", "TCA", 0, "Turks and Caicos Islands", NULL},
	{"TD", "TCD", N, "Chad", NULL},
	{"TF", "ATF", N, "French Southern Territories", NULL},
	{"TG", "TGO", N, "Togo", NULL},
	{"TH", "THA", 0, "Thailand", "Tailandia"},
	{"TJ", "TJK", 0, "Tajikistan", "Tayikistán"},
	{"TK", "TKL", N, "Tokelau", NULL},
	{"TL", "TLS", N, "Timor-Leste", "East Timor"},
	{"TM", "TKM", 0, "Turkmenistan", "Turkmenistán"},
	{"TN", "TUN", 0, "Tunisia", "Túnez|Tunisie"},
	{"TO", "TON", N, "Tonga", NULL},
	{"TR", "TUR", 0, "Türkiye", "Turkey|Turkiye|Turquía|Türkei|Republic of Turkey"},
	{"TT", "TTO", 0, "Trinidad and Tobago", "Trinidad|Trinidad Tobago|Trinidad y Tobago"},
	{"TV", "TUV", N, "Tuvalu", NULL},
	{"TW", "TWN", 0, "Taiwan", "ROC|Taiwan ROC|Republic of China|Chinese Taipei|Taiwán|Taiwan Province of China|台灣"},
	{"TZ", "TZA", 0, "Tanzania", "Tanzania United Republic of|United Republic of Tanzania"},
	{"UA", "UKR", 0, "Ukraine", "Ucrania|Україна"},
	{"UG", "UGA", N, "Uganda", NULL},
	{"UM", "UMI", N, "U.S. Outlying Islands", "United States Minor Outlying Islands"},
	{"US", "USA", R, "United States", "United States of America|America|Estados Unidos|EE UU|EEUU|États-Unis|"
		"Vereinigte Staaten"},
	{"UY", "URY", 0, "Uruguay", NULL},
	{"UZ", "UZB", 0, "Uzbekistan", "Uzbekistán"},
	{"VA", "VAT", 0, "Vatican City", "Holy See|Holy See Vatican City State|Vatican"},
	{"VC", "VCT", 0, "Saint Vincent and the Grenadines", "St Vincent and the Grenadines|St Vincent"},
	{"VE", "VEN", R, "Venezuela", "Venezuela Bolivarian Republic of|Bolivarian Republic of Venezuela"},
	{"VG", "VGB", 0, "British Virgin Islands", "Virgin Islands British|BVI"},
	{"VI", "VIR", 0, "U.S. Virgin Islands", "Virgin Islands US|US Virgin Islands|Virgin Islands|USVI"},
	{"VN", "VNM", 0, "Vietnam", "Viet Nam|Socialist Republic of Vietnam|Việt Nam"},
	{"VU", "VUT", N, "Vanuatu", NULL},
	{"WF", "WLF", 0, "Wallis and Futuna", "Wallis and Futuna Islands"},
	{"WS", "WSM", N, "Samoa", NULL},
	{"XK", "XKX", 0, "Kosovo", "Republic of Kosovo"},
	{"YE", "YEM", N, "Yemen", NULL},
	{"YT", "MYT", 0, "Mayotte", NULL},
	{"ZA", "ZAF", 0, "South Africa", "RSA|Republic of South Africa|SudAfrica|Sud Africa|Südafrika"},
	{"ZM", "ZMB", 0, "Zambia", NULL},
	{"ZW", "ZWE", N, "Zimbabwe", "Zimbabue"},
};

enum { COUNTRIES = sizeof countries / sizeof *countries, SLOTS = 2048, LONGEST = 72 };

// A name without what people leave out: small letters, no accents, stops or brackets, one blank between words.
struct folded { char text[LONGEST]; size_t n; };

static bool letter(struct folded *f, char c)
{
	if (f->n == LONGEST) return false;
	f->text[f->n++] = c;
	return true;
}

static bool fold_character(struct folded *f, uint32_t c)
{
	static const char base[] = // of U+00C0 to U+017F
		"aaaaaaaceeeeiiiidnoooooxouuuuytsaaaaaaaceeeeiiiidnoooooxouuuuyty"
		"aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllll"
		"lllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
	if (c >= 'A' && c <= 'Z') return letter(f, (char)(c + 32));
	if (c >= 0xc0 && c <= 0x17f) return letter(f, base[c - 0xc0]);
	if (c >= 0x300 && c <= 0x36f) return true; // an accent by itself
	if (c == '.' || c == ',' || c == '\'' || c == 0x2019 || c == '(' || c == ')') return true;
	if (c == '&') return letter(f, 'a') && letter(f, 'n') && letter(f, 'd');
	if (c == ' ' || c == '-' || c == '_' || c == '\t' || c == 0xa0) return f->n == 0 || f->text[f->n - 1] == ' ' || letter(f, ' ');
	if (c < 0x80) return letter(f, (char)c);
	return letter(f, (char)(c >> 16)) && letter(f, (char)(c >> 8)) && letter(f, (char)c); // other scripts as they are
}

static bool fold(struct folded *f, struct str s)
{
	f->n = 0;
	for (uint32_t c; s.n;) {
		size_t n = utf8_take(s, &c);
		if (!n || !fold_character(f, c)) return false;
		s = str_cut(s, n, s.n);
	}
	if (f->n && f->text[f->n - 1] == ' ') f->n--;
	if (f->n > 4 && memcmp(f->text, "the ", 4) == 0) memmove(f->text, f->text + 4, f->n -= 4);
	return f->n > 0;
}

static struct str view(const struct folded *f) { return (struct str){f->text, f->n}; }

// Names and codes by hash, made when first asked, in some 50 microseconds; and the codes by their two letters, in less than one:
// most who ask have a code.
static struct slot { struct str name; uint16_t country; } slots[SLOTS];
static uint8_t by_letters[26 * 26]; // 1 and up
static bool ready, letters_ready;

// The slot where the folded name stands, or the free one where it belongs.
static struct slot *slot_of(const struct folded *f)
{
	size_t i = str_hash(view(f)) % SLOTS;
	for (; slots[i].name.p; i = (i + 1) % SLOTS) {
		struct folded there;
		if (fold(&there, slots[i].name) && str_eq(view(&there), view(f))) break;
	}
	return &slots[i];
}

static void add(struct str name, size_t country)
{
	struct folded f;
	if (!fold(&f, name)) return;
	struct slot *slot = slot_of(&f);
	if (!slot->name.p) *slot = (struct slot){name, (uint16_t)country};
}

static void add_country(size_t i)
{
	add(str_of(countries[i].code), i);
	add(str_of(countries[i].three), i);
	add(str_of(countries[i].name), i);
	for (const char *p = countries[i].others; p && *p;) {
		size_t n = strcspn(p, "|");
		add((struct str){p, n}, i);
		p += n + (p[n] == '|');
	}
}

static void make_letters(void)
{
	for (size_t i = 0; i < COUNTRIES && !letters_ready; i++) by_letters[(countries[i].code[0] - 'A') * 26 + countries[i].code[1] - 'A'] = (uint8_t)(i + 1);
	letters_ready = true;
}

static void make_ready(void)
{
	for (size_t i = 0; i < COUNTRIES && !ready; i++) add_country(i);
	ready = true;
}

static int letter_of(char c) { return c >= 'A' && c <= 'Z' ? c - 'A' : c >= 'a' && c <= 'z' ? c - 'a' : -1; }

// The country of an alpha-2 code, or -1.
static int find(struct str code)
{
	if (code.n != 2) return -1;
	int a = letter_of(code.p[0]), b = letter_of(code.p[1]);
	make_letters();
	return a < 0 || b < 0 ? -1 : by_letters[a * 26 + b] - 1;
}

// "Republic of Latvia", "Kingdom of the …": where the whole is no name, what is behind may be.
static bool skip_style(struct folded *f)
{
	static const char *const styles[] = {"republic of ", "kingdom of ", "commonwealth of ", "islamic republic of "};
	for (size_t i = 0; i < sizeof styles / sizeof *styles; i++)
		if (str_starts(view(f), str_of(styles[i]))) {
			struct folded rest;
			return fold(&rest, str_cut(view(f), strlen(styles[i]), f->n)) && (*f = rest, true);
		}
	return false;
}

const char *country_code(struct str s)
{
	struct folded f;
	s = str_trim(s);
	int i = find(s);
	if (i >= 0) return countries[i].code;
	if (!fold(&f, s)) return NULL;
	make_ready();
	struct slot *slot = slot_of(&f);
	if (!slot->name.p && skip_style(&f)) slot = slot_of(&f);
	return slot->name.p ? countries[slot->country].code : NULL;
}

const char *country_name(struct str alpha2)
{
	int i = find(alpha2);
	return i < 0 ? NULL : countries[i].name;
}

static bool flagged(struct str alpha2, int flag, bool unknown)
{
	int i = find(alpha2);
	return i < 0 ? unknown : (countries[i].flags & flag) != 0;
}

bool country_has_postcodes(struct str alpha2) { return !flagged(alpha2, N, true); }
bool country_has_regions(struct str alpha2) { return flagged(alpha2, R, false); }
