using Bridge.Postgres.Migrations;

namespace Bridge.Postgres.Tests.Migrations;

/// <summary>Statements end where psql ends them.</summary>
public sealed class SqlSplitterTests
{
    [Theory]
    [InlineData("select 1; select 2", "select 1", "select 2")]
    [InlineData(";;  ; select 1;;", "select 1")]
    [InlineData("/* a; /* b; */ c; */ select 1 -- x; y\n; select 2", "select 1 -- x; y", "select 2")]
    [InlineData("select 'a;''b', \"c;\"\"d\", e'\\';', $$;$$, $t$ $$;$$ ;$t$", "select 'a;''b', \"c;\"\"d\", e'\\';', $$;$$, $t$ $$;$$ ;$t$")]
    [InlineData("select '\\'; select 2", "select '\\'", "select 2")]
    [InlineData("prepare p as select $1; select a$b$c; select 2", "prepare p as select $1", "select a$b$c", "select 2")]
    [InlineData("select (1;2); select 3", "select (1;2)", "select 3")]
    [InlineData("create function f() returns int begin atomic select case when true then 1 end; select 2; end; select 3", "create function f() returns int begin atomic select case when true then 1 end; select 2; end", "select 3")]
    [InlineData("create or replace procedure p() begin atomic select 1; end; select 3", "create or replace procedure p() begin atomic select 1; end", "select 3")]
    [InlineData("begin; select 1; end", "begin", "select 1", "end")]
    [InlineData("select 1--> statement-breakpoint\nselect 2", "select 1", "select 2")]
    [InlineData("select 'open; select 2", "select 'open; select 2")]
    [InlineData("select $a$ open; select 2", "select $a$ open; select 2")]
    [InlineData("/* open; select 2")]
    public void Split_Text_GivesStatements(string text, params string[] expected)
    {
        var statements = SqlSplitter.Split(text);

        Assert.Equal(expected, statements.Select(statement => statement.Text));
        Assert.All(statements, statement => Assert.Equal(statement.Text, text.Substring(statement.Start, statement.Text.Length)));
    }

    [Theory]
    [InlineData("begin", TransactionControl.Begin)]
    [InlineData("START /* x */ transaction isolation level serializable", TransactionControl.Begin)]
    [InlineData("commit and chain", TransactionControl.Commit)]
    [InlineData("end", TransactionControl.Commit)]
    [InlineData("abort", TransactionControl.Other)]
    [InlineData("rollback work", TransactionControl.Other)]
    [InlineData("rollback to s", TransactionControl.None)]
    [InlineData("rollback transaction to savepoint s", TransactionControl.None)]
    [InlineData("prepare transaction 'x'", TransactionControl.Other)]
    [InlineData("prepare p as select 1", TransactionControl.None)]
    [InlineData("savepoint s", TransactionControl.None)]
    public void Control_OfAStatement_IsToldByItsWords(string text, object control) =>
        Assert.Equal(control, Assert.Single(SqlSplitter.Split(text)).Control);
}
