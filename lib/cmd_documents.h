// PDF documents on their way to people: a register to standard output or to the file of -o and its sequels, a sheet an order
// into a folder; and what is said of letters that no font has.
#ifndef CMD_DOCUMENTS_H
#define CMD_DOCUMENTS_H
#include "cmd.h"
#include "export_page.h"

// The register of an export opened for PDF. font: that of --font, or NULL.
int documents_register(struct oms *oms, struct export *x, const char *font);
// A sheet an order that the filter chooses, each whole or not at all; the folder is made where it is not there. An order that is
// refused is reported and counted, and the others go on.
int documents_sheets(struct oms *oms, const struct find_filter *filter, const char *folder, const char *font);
#endif
