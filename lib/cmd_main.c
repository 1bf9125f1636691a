// The entry of every command: a file of its own, so that a test with a main of its own can still use the frame.
#include "cmd.h"

int main(int argc, char **argv)
{
	return cmd_main(argc, argv);
}
