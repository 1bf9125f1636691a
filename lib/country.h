// Country names and codes, and what an address needs there. Source: ISO 3166-1.
#ifndef COUNTRY_H
#define COUNTRY_H
#include "str.h"

// "USA", "United States", "us", "GBR" -> "US"; NULL where it is no country. Case and outer blanks do not matter.
const char *country_code(struct str s);
const char *country_name(struct str alpha2); // NULL where unknown
bool country_has_postcodes(struct str alpha2); // in daily use; false for an unknown code as well: it is to be told first
bool country_has_regions(struct str alpha2); // a state or province is part of an address (US CA AU BR …)
#endif
